#include "base/nearest.hpp"

#include <algorithm>

namespace motet::base {

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = static_cast<int>(i);
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int cost = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

std::vector<std::string> nearest(std::string_view name, const std::vector<std::string>& known, std::size_t most) {
  constexpr std::size_t kLongest = 200;  // a name longer than this was not a slip of the fingers
  if (name.size() > kLongest) return {};
  const int farthest = std::max<int>(1, static_cast<int>(name.size()) / 3);
  std::vector<std::pair<int, std::string>> found;
  for (const std::string& candidate : known) {
    if (candidate.size() > kLongest) continue;
    const int distance = edit_distance(name, candidate);
    if (distance <= farthest) found.emplace_back(distance, candidate);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  for (std::size_t i = 0; i < found.size() && i < most; ++i) out.push_back(found[i].second);
  return out;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& known) {
  const std::vector<std::string> near = nearest(name, known);
  if (!near.empty()) return "did you mean '" + near.front() + "'?";
  if (known.empty()) return {};
  constexpr std::size_t kMost = 8;
  std::string out = "known: ";
  for (std::size_t i = 0; i < known.size() && i < kMost; ++i) out += (i ? ", " : "") + known[i];
  if (known.size() > kMost) out += ", ...";
  return out;
}

}  // namespace motet::base
