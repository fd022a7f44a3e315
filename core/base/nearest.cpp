#include "base/nearest.hpp"

#include <algorithm>
#include <cstdlib>

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

namespace {

std::vector<std::string_view> parts(std::string_view name) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t dot = name.find('.');
    out.push_back(name.substr(0, dot));
    if (dot == std::string_view::npos) return out;
    name.remove_prefix(dot + 1);
  }
}

// "encoder.transformer" for "transformer.encoder": who knows both words may not know which one comes first.
std::string turned(std::string_view name) {
  const std::vector<std::string_view> words = parts(name);
  std::string out;
  for (auto word = words.rbegin(); word != words.rend(); ++word) out.append(out.empty() ? "" : ".").append(*word);
  return out;
}

// Known names that share a dotted word with this one, where there are any; else all.
std::vector<std::string> related(std::string_view name, const std::vector<std::string>& known) {
  const std::vector<std::string_view> words = parts(name);
  std::vector<std::string> out;
  for (const std::string& candidate : known) {
    const std::vector<std::string_view> theirs = parts(candidate);
    const bool shares = std::any_of(words.begin(), words.end(), [&](std::string_view word) {
      return !word.empty() && std::find(theirs.begin(), theirs.end(), word) != theirs.end();
    });
    if (shares) out.push_back(candidate);
  }
  return out.empty() ? known : out;
}

}  // namespace

std::vector<std::string> nearest(std::string_view name, const std::vector<std::string>& known, std::size_t most) {
  constexpr std::size_t kLongest = 200;  // a name longer than this was not a slip of the fingers
  if (name.size() > kLongest) return {};
  const int farthest = std::max<int>(1, static_cast<int>(name.size()) / 3);
  const std::string other_way = turned(name);
  std::vector<std::pair<int, std::string>> found;
  for (const std::string& candidate : known) {
    if (candidate.size() > kLongest) continue;
    const auto longer = static_cast<int>(candidate.size()) - static_cast<int>(name.size());
    if (std::abs(longer) > farthest) continue;  // each byte more or less is a change
    int distance = edit_distance(name, candidate);
    if (other_way != name) distance = std::min(distance, edit_distance(other_way, candidate) + 1);
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
  const std::vector<std::string> listed = related(name, known);
  std::string out = "known: ";
  for (std::size_t i = 0; i < listed.size() && i < kMost; ++i) out += (i ? ", " : "") + listed[i];
  if (known.size() > std::min(listed.size(), kMost)) out += ", ...";
  return out;
}

}  // namespace motet::base
