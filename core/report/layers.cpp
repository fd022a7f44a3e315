#include "report/layers.hpp"

#include <algorithm>
#include <numeric>

namespace motet::report {
namespace {

// Nodes and, behind them, one narrow node for each layer that an edge crosses.
class Layers {
 public:
  Layers(const std::vector<LayerNode>& nodes, const std::vector<std::pair<std::size_t, std::size_t>>& edges)
      : given_(nodes.size()), layer_(nodes.size(), 0), nodes_(nodes), chains_(edges.size()) {
    for (const auto& [from, to] : edges) layer_[to] = std::max(layer_[to], layer_[from] + 1);
    move_late(edges);
    for (std::size_t e = 0; e < edges.size(); ++e) cut(e, edges[e]);
    rows_.resize(static_cast<std::size_t>(*std::max_element(layer_.begin(), layer_.end())) + 1);
    for (std::size_t i = 0; i < nodes_.size(); ++i) rows_[static_cast<std::size_t>(layer_[i])].push_back(i);
    above_.resize(nodes_.size());
    below_.resize(nodes_.size());
    for (const auto& [from, to] : short_) {
      above_[to].push_back(from);
      below_[from].push_back(to);
    }
  }

  Layout place(double gap_x, double gap_y) {
    x_.assign(nodes_.size(), 0);
    for (const auto& row : rows_) spread(row, gap_x);
    constexpr int kSweeps = 12;
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      for (std::size_t r = 1; r < rows_.size(); ++r) arrange(rows_[r], above_, gap_x, sweep < kSweeps / 2);
      for (std::size_t r = rows_.size() - 1; r-- > 0;) arrange(rows_[r], below_, gap_x, sweep < kSweeps / 2);
    }
    return result(gap_y);
  }

 private:
  void move_late(const std::vector<std::pair<std::size_t, std::size_t>>& edges) {
    for (std::size_t i = 0; i < given_; ++i) {
      if (!nodes_[i].late) continue;
      int first = -1;
      for (const auto& [from, to] : edges) {
        if (from == i) first = first < 0 ? layer_[to] : std::min(first, layer_[to]);
      }
      if (first > 0) layer_[i] = first - 1;
    }
  }

  void cut(std::size_t e, std::pair<std::size_t, std::size_t> edge) {
    std::size_t from = edge.first;
    for (int layer = layer_[edge.first] + 1; layer < layer_[edge.second]; ++layer) {
      const std::size_t bend = nodes_.size();
      nodes_.push_back({10, 0, false});
      layer_.push_back(layer);
      chains_[e].push_back(bend);
      short_.emplace_back(from, bend);
      from = bend;
    }
    short_.emplace_back(from, edge.second);
  }

  void spread(const std::vector<std::size_t>& row, double gap_x) {
    double at = 0;
    for (std::size_t i : row) {
      x_[i] = at + nodes_[i].width / 2;
      at += nodes_[i].width + gap_x;
    }
    for (std::size_t i : row) x_[i] -= (at - gap_x) / 2;
  }

  double mean(const std::vector<std::size_t>& neighbours, double otherwise) const {
    if (neighbours.empty()) return otherwise;
    double sum = 0;
    for (std::size_t i : neighbours) sum += x_[i];
    return sum / static_cast<double>(neighbours.size());
  }

  // Moves a row's nodes to the means of their neighbours, as near as their order and widths allow: least squares by
  // pooling neighbours that would overlap.
  void arrange(std::vector<std::size_t>& row, const std::vector<std::vector<std::size_t>>& neighbours, double gap_x,
               bool reorder) {
    std::vector<double> wish(nodes_.size());
    for (std::size_t i : row) wish[i] = mean(neighbours[i], x_[i]);
    if (reorder)
      std::stable_sort(row.begin(), row.end(), [&](std::size_t a, std::size_t b) { return wish[a] < wish[b]; });
    struct Pool {
      double sum;
      std::size_t count;
      double mean() const { return sum / static_cast<double>(count); }
    };
    std::vector<Pool> pools;
    std::vector<double> offset(row.size(), 0);
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (k > 0) offset[k] = offset[k - 1] + (nodes_[row[k - 1]].width + nodes_[row[k]].width) / 2 + gap_x;
      pools.push_back({wish[row[k]] - offset[k], 1});
      while (pools.size() > 1 && pools[pools.size() - 2].mean() >= pools.back().mean()) {
        const Pool last = pools.back();
        pools.pop_back();
        pools.back() = {pools.back().sum + last.sum, pools.back().count + last.count};
      }
    }
    std::size_t k = 0;
    for (const Pool& pool : pools) {
      for (std::size_t n = 0; n < pool.count; ++n, ++k) x_[row[k]] = pool.mean() + offset[k];
    }
  }

  Layout result(double gap_y) const {
    Layout out;
    double left = 0, right = 0;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      left = std::min(left, x_[i] - nodes_[i].width / 2);
      right = std::max(right, x_[i] + nodes_[i].width / 2);
    }
    std::vector<Point> at(nodes_.size());
    double y = 0;
    for (const auto& row : rows_) {
      double height = 0;
      for (std::size_t i : row) height = std::max(height, nodes_[i].height);
      for (std::size_t i : row) at[i] = {x_[i] - left, y + height / 2};
      y += height + gap_y;
    }
    out.centers.assign(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(given_));
    for (const auto& chain : chains_) {
      out.bends.emplace_back();
      for (std::size_t bend : chain) out.bends.back().push_back(at[bend]);
    }
    out.width = right - left;
    out.height = y - gap_y;
    return out;
  }

  std::size_t given_;
  std::vector<int> layer_;
  std::vector<LayerNode> nodes_;
  std::vector<std::vector<std::size_t>> chains_;
  std::vector<std::pair<std::size_t, std::size_t>> short_;
  std::vector<std::vector<std::size_t>> rows_, above_, below_;
  std::vector<double> x_;
};

}  // namespace

Layout lay_out(const std::vector<LayerNode>& nodes, const std::vector<std::pair<std::size_t, std::size_t>>& edges,
               double gap_x, double gap_y) {
  if (nodes.empty()) return {};
  return Layers(nodes, edges).place(gap_x, gap_y);
}

}  // namespace motet::report
