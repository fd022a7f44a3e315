#include <algorithm>
#include <cstdio>
#include <map>

#include "base/render.hpp"
#include "report/drawing.hpp"
#include "report/layers.hpp"
#include "report/markup.hpp"

namespace motet::report {
namespace {

constexpr double kMargin = 28, kGapX = 44, kGapY = 58, kTitle = 56;
constexpr double kLine = 19, kPad = 14, kIsland = 16;
constexpr double kNameSize = 14, kSmallSize = 11.5;

// Letters of a sans-serif face are a little over half as wide as high; a little more keeps text inside its box.
double text_width(std::string_view text, double size) { return base::display_width(text) * size * 0.58; }

std::string number(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.1f", value);
  return out;
}

std::string text_at(double x, double y, const char* style, std::string_view text) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" class=\"" + style + "\">" + escaped(text) + "</text>\n";
}

std::string rectangle(double x, double y, double width, double height, double radius, const std::string& style) {
  return "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) + "\" height=\"" +
         number(height) + "\" rx=\"" + number(radius) + "\" class=\"" + style + "\"/>\n";
}

std::string style_of(const Drawing::Box& box) { return is_end(box) ? "end" : std::string(way_name(box.way)); }

constexpr const char* kStyle = R"(<style>
text { font-family: -apple-system, "Segoe UI", "DejaVu Sans", Helvetica, Arial, sans-serif; font-size: 11.5px; fill: #5a6572; }
.title { font-size: 17px; font-weight: 600; fill: #1d2733; }
.name { font-size: 14px; font-weight: 600; fill: #1d2733; text-anchor: middle; }
.type { text-anchor: middle; }
.slot-name { fill: #1d2733; }
.slot-type { text-anchor: end; }
.port { text-anchor: middle; font-size: 10.5px; fill: #7a4b00; }
.label { font-size: 10.5px; paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; }
.inside { font-size: 10.5px; }
.caption { font-size: 10.5px; fill: #2f7d6d; text-anchor: end; }
.page { fill: #ffffff; }
.end { fill: #f3f4f7; stroke: #a3acb8; stroke-width: 1.2; }
.host { fill: #ffffff; stroke: #6f8fb3; stroke-width: 1.5; }
.tensor { fill: #ffffff; stroke: #2f7d6d; stroke-width: 1.5; }
.generator { fill: #ffffff; stroke: #c0762b; stroke-width: 1.8; }
.slot { fill: #fbf6ee; stroke: #dcc3a1; stroke-width: 1; }
.island { fill: #e4f2ef; }
.island-way { fill: none; stroke: #e4f2ef; stroke-width: 34; stroke-linecap: round; }
.edge { fill: none; stroke: #7d8894; stroke-width: 1.5; }
</style>
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#7d8894"/></marker></defs>
)";

class Svg {
 public:
  explicit Svg(const Drawing& drawing) : drawing_(drawing) {
    std::vector<LayerNode> nodes;
    for (std::size_t i = 0; i < drawing.boxes.size(); ++i) {
      sizes_.push_back(size_of(i));
      nodes.push_back({sizes_.back().x, sizes_.back().y, drawing.boxes[i].way == Drawing::Way::input});
    }
    std::vector<std::pair<std::size_t, std::size_t>> edges;
    for (const Drawing::Edge& edge : drawing.edges) edges.emplace_back(edge.from, edge.to);
    layout_ = lay_out(nodes, edges, kGapX, kGapY);
    for (Point& center : layout_.centers) move(center);
    for (auto& bends : layout_.bends) std::for_each(bends.begin(), bends.end(), [this](Point& p) { move(p); });
    for (std::size_t e = 0; e < drawing.edges.size(); ++e) paths_.push_back(path(e));
  }

  std::string run() const {
    double width = layout_.width + kMargin + 2 * kIsland;
    for (std::size_t e = 0; e < drawing_.edges.size(); ++e) {
      if (labelled(e)) width = std::max(width, label_place(e).x + text_width(drawing_.edges[e].type, 10.5));
    }
    width = std::max(width, text_width(drawing_.summary, kSmallSize) + kMargin) + kMargin;
    const double height = layout_.height + 2 * kMargin + kTitle;
    std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(width) + "\" height=\"" +
                      number(height) + "\" viewBox=\"0 0 " + number(width) + " " + number(height) + "\">\n" + kStyle;
    out += rectangle(0, 0, width, height, 10, "page");
    out += text_at(kMargin, kMargin + 6, "title", drawing_.name);
    out += text_at(kMargin, kMargin + 25, "summary", drawing_.summary);
    for (std::size_t i = 0; i < drawing_.islands.size(); ++i) out += island(static_cast<int>(i));
    for (std::size_t e = 0; e < drawing_.edges.size(); ++e) {
      out += "<path d=\"" + paths_[e] + "\" class=\"edge\" marker-end=\"url(#arrow)\"/>\n";
    }
    for (std::size_t i = 0; i < drawing_.boxes.size(); ++i) {
      const std::string& link = drawing_.boxes[i].link;
      out += link.empty() ? box(i) : "<a href=\"" + escaped(link) + "\">\n" + box(i) + "</a>\n";
    }
    for (std::size_t e = 0; e < drawing_.edges.size(); ++e) out += label(e);
    return out + "</svg>\n";
  }

 private:
  void move(Point& p) const {
    p.x += kMargin + kIsland;
    p.y += kMargin + kTitle;
  }

  // Distinct port names on one side of a box, in the order of their edges.
  std::vector<std::string> ports(std::size_t box, bool out) const {
    std::vector<std::string> names;
    for (const Drawing::Edge& edge : drawing_.edges) {
      if ((out ? edge.from : edge.to) != box) continue;
      const std::string& name = out ? edge.from_port : edge.to_port;
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    return names;
  }
  static bool named(const std::vector<std::string>& ports) {
    return ports.size() > 1 || (ports.size() == 1 && !ports.front().empty());
  }

  Point size_of(std::size_t i) const {
    const Drawing::Box& box = drawing_.boxes[i];
    if (is_end(box))
      return {std::max(text_width(box.name, kNameSize), text_width(type_text(box), kSmallSize)) + 2.6 * kPad,
              2 * kLine + kPad};
    double width = std::max(text_width(box.name, kNameSize + 1), text_width(type_text(box), kSmallSize));
    for (const Drawing::Slot& slot : box.slots) {
      width = std::max(width, text_width(slot.name, kSmallSize) + text_width(slot.type, kSmallSize) + 3 * kPad);
    }
    double height = 2 * kLine + kPad + static_cast<double>(box.slots.size()) * (kLine + 6);
    if (!box.slots.empty()) height += 4;
    for (bool out : {false, true}) {
      const std::vector<std::string> names = ports(i, out);
      if (!named(names)) continue;
      height += kLine - 4;
      double sum = 0;
      for (const std::string& name : names) sum += text_width(name, 10.5) + kPad;
      width = std::max(width, sum);
    }
    return {std::max(width + 2 * kPad, 120.0), height};
  }

  // Where an edge meets its box: ports share a side evenly.
  Point meet(std::size_t box, const std::string& port, bool out) const {
    const std::vector<std::string> names = ports(box, out);
    const auto at = static_cast<double>(std::find(names.begin(), names.end(), port) - names.begin());
    const Point center = layout_.centers[box], size = sizes_[box];
    const double x = center.x - size.x / 2 + size.x * (at + 0.5) / static_cast<double>(names.size());
    return {x, center.y + (out ? size.y / 2 : -size.y / 2 - 1)};
  }

  std::vector<Point> points(std::size_t e) const {
    const Drawing::Edge& edge = drawing_.edges[e];
    std::vector<Point> out{meet(edge.from, edge.from_port, true)};
    out.insert(out.end(), layout_.bends[e].begin(), layout_.bends[e].end());
    out.push_back(meet(edge.to, edge.to_port, false));
    return out;
  }

  std::string path(std::size_t e) const {
    const std::vector<Point> way = points(e);
    std::string out = "M" + number(way[0].x) + " " + number(way[0].y);
    for (std::size_t i = 1; i < way.size(); ++i) {
      const double middle = (way[i - 1].y + way[i].y) / 2;
      out += " C" + number(way[i - 1].x) + " " + number(middle) + " " + number(way[i].x) + " " + number(middle) + " " +
             number(way[i].x) + " " + number(way[i].y);
    }
    return out;
  }

  // One shape in one colour: its boxes with a border, joined along the edges between them.
  std::string island(int number_of) const {
    std::string out;
    Point corner{0, 0};
    for (std::size_t i = 0; i < drawing_.boxes.size(); ++i) {
      if (drawing_.boxes[i].island != number_of) continue;
      const Point c = layout_.centers[i], s = sizes_[i];
      out += rectangle(c.x - s.x / 2 - kIsland, c.y - s.y / 2 - kIsland, s.x + 2 * kIsland, s.y + 2 * kIsland, 14,
                       "island");
      if (c.y + s.y / 2 > corner.y) corner = {c.x + s.x / 2 + kIsland - 8, c.y + s.y / 2};
    }
    for (std::size_t e = 0; e < drawing_.edges.size(); ++e) {
      const Drawing::Edge& edge = drawing_.edges[e];
      if (drawing_.boxes[edge.from].island == number_of && drawing_.boxes[edge.to].island == number_of) {
        out += "<path d=\"" + paths_[e] + "\" class=\"island-way\"/>\n";
      }
    }
    return out + text_at(corner.x, corner.y + kIsland - 4, "caption", "one program");
  }

  std::string box(std::size_t i) const {
    const Drawing::Box& box = drawing_.boxes[i];
    const Point c = layout_.centers[i], s = sizes_[i];
    const double left = c.x - s.x / 2, top = c.y - s.y / 2;
    std::string out = rectangle(left, top, s.x, s.y, is_end(box) ? s.y / 2 : 8, style_of(box));
    double y = top + kPad / 2 + 2;
    for (const std::string& port : ports(i, false)) {
      if (is_end(box) || !named(ports(i, false))) break;
      out += text_at(meet(i, port, false).x, y + 8, "port", port);
    }
    if (!is_end(box) && named(ports(i, false))) y += kLine - 4;
    out += text_at(c.x, y + kNameSize, "name", box.name);
    out += text_at(c.x, y + kNameSize + kLine - 2, "type", type_text(box));
    y += 2 * kLine + 6;
    for (const Drawing::Slot& slot : box.slots) {
      out += rectangle(left + kPad / 2, y, s.x - kPad, kLine + 2, 5, "slot");
      out += text_at(left + kPad, y + kSmallSize + 3, "slot-name", slot.name);
      out += text_at(left + s.x - kPad, y + kSmallSize + 3, "slot-type", slot.type);
      y += kLine + 6;
    }
    if (is_end(box) || !named(ports(i, true))) return out;
    for (const std::string& port : ports(i, true)) out += text_at(meet(i, port, true).x, top + s.y - 6, "port", port);
    return out;
  }

  // In the last stretch of the edge, where edges of one output have parted. Ends say their type themselves.
  bool labelled(std::size_t e) const {
    return !is_end(drawing_.boxes[drawing_.edges[e].from]) && !is_end(drawing_.boxes[drawing_.edges[e].to]);
  }
  Point label_place(std::size_t e) const {
    const std::vector<Point> way = points(e);
    const Point a = way[way.size() - 2], b = way.back();
    return {(a.x + b.x) / 2 + 8, (a.y + b.y) / 2 + 4};
  }
  std::string label(std::size_t e) const {
    if (!labelled(e)) return {};
    const Drawing::Edge& edge = drawing_.edges[e];
    const int island = drawing_.boxes[edge.from].island;
    const bool inside = island >= 0 && island == drawing_.boxes[edge.to].island;
    return text_at(label_place(e).x, label_place(e).y, inside ? "inside" : "label", edge.type);
  }

  const Drawing& drawing_;
  std::vector<Point> sizes_;
  Layout layout_;
  std::vector<std::string> paths_;
};

}  // namespace

std::string svg_text(const Drawing& drawing) { return Svg(drawing).run(); }

}  // namespace motet::report
