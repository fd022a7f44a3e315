#include "transformer/family.hpp"

#include <algorithm>
#include <filesystem>
#include <span>
#include <string_view>
#include <system_error>

#include "transformer/canonical.hpp"

namespace motet::transformer {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOnce[] = {"embed", "position", "token_type", "embedding_norm", "final_norm", "head"};
constexpr std::string_view kInLayer[] = {"self.query",        "self.key",          "self.value",
                                         "self.out",          "self_norm",         "feed_forward.up",
                                         "feed_forward.gate", "feed_forward.down", "feed_forward_norm"};
constexpr std::string_view kTop[] = {"family", "summary", "reads", "refuses", "canonical", "formats", "weights"};
constexpr std::string_view kFormats[] = {"huggingface", "gguf"};
constexpr std::string_view kReads[] = {"config"};
constexpr std::string_view kPart[] = {"name", "split"};

bool is_among(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// The configuration beside (or, in a GGUF, inside) the weights.
std::string configuration_path(const Call& call, const std::string& format, const std::string& file) {
  const fs::path weights(*call.weights_path());
  std::error_code ignored;
  if (format != "gguf") return ((fs::is_directory(weights, ignored) ? weights : weights.parent_path()) / file).string();
  if (!fs::is_directory(weights, ignored)) return weights.string();
  for (const fs::directory_entry& entry : fs::directory_iterator(weights)) {
    if (entry.path().extension() == ".gguf") return entry.path().string();
  }
  return weights.string();
}

// "embed", "head.bias", "stem.2", "self.query", "cross_attention.{i}.norm"
bool is_canonical(std::string_view key, const Configuration& configuration) {
  if (key.ends_with(".bias")) key.remove_suffix(5);
  if (is_among(kOnce, key) || is_among(kInLayer, key)) return true;
  for (std::size_t i = 0; i < configuration.stem.size(); ++i) {
    if (key == "stem." + std::to_string(i)) return true;
  }
  return key.starts_with("cross_attention.{i}.") && configuration.crosses;
}

void refuse_what_is_not_said(const Node& refuses, const Document& config, const std::string& family) {
  for (std::size_t i = 0; i < refuses.size(); ++i) {
    const std::string key(refuses.at(i).string());
    const Node found = config.root().find(key);
    const bool off =
        found.is_null() || (found.is_bool() && !found.boolean()) || (found.is_string() && found.string() == "none");
    if (!off) found.fail("is set: family " + family + " cannot express it, so this model would be computed wrongly");
  }
}
}  // namespace

std::string numbered(std::string text, std::int64_t number) {
  replace_all(text, "{i}", std::to_string(number));
  return text;
}

Family::Family(const Call& call, const std::string& named) {
  const auto format = call.weights_format();
  if (!format)
    throw ParameterError(
        "weights", "a transformer needs weights: name them at the top under `weights:`, and here `weights: NAME`");
  const Document page = call.open("family:" + named, "with.family");
  const Node root = page.root();
  if (!root.is_map()) root.fail("a family must be a map with family, canonical and weights");
  check_known(root, kTop);
  name_ = std::string(root.at("family").string());
  const std::string layout = *format == "gguf" ? "gguf" : "huggingface";
  const Node weights = root.at("weights");
  check_known(weights, kFormats);
  if (!weights.find(layout))
    weights.fail("has no section " + layout + ", and the weights are of that format: family " + name_ +
                 " does not know it");
  const Node formats = root.find("formats");
  if (formats) check_known(formats, kFormats);
  const Node reads = root.find("reads");
  if (reads) check_known(reads, kReads);
  const std::string path = configuration_path(call, layout, reads.find("config").string_or("config.json"));
  const Document config = call.open(path, "weights");
  if (const Node refuses = root.find("refuses")) refuse_what_is_not_said(refuses, config, name_);
  configuration_ = CanonicalReader(root.at("canonical"), formats.find(layout), config.root(), name_).read();
  read_weights(weights.at(layout), call);
}

void Family::read_weights(const Node& section, const Call& call) {
  const std::string layer = section.find("layer").string_or("");
  for (std::size_t i = 0; i < section.size(); ++i) {
    const std::string key(section.key_at(i));
    if (key != "prefix" && key != "layer") read_weight(key, section.at(i), layer);
  }
  const Node prefix = section.find("prefix");
  if (prefix.is_string()) prefix_ = std::string(prefix.string());
  if (!prefix.is_list()) return;
  // Files of one model differ in whether they name its body; the first prefix under which a weight is found is theirs.
  const std::vector<std::string> candidates = prefix.strings();
  if (candidates.empty()) prefix.fail("must name at least one prefix");
  prefix_ = candidates.front();
  for (const std::string& candidate : candidates) {
    const bool there = std::any_of(places_.begin(), places_.end(), [&](const auto& entry) {
      return call.weights_has(candidate + numbered(entry.second.name, 0));
    });
    if (there) {
      prefix_ = candidate;
      return;
    }
  }
}

void Family::read_weight(const std::string& key, const Node& node, const std::string& layer) {
  const auto name_of = [&](const Node& text) {
    std::string name(text.string());
    replace_all(name, "{layer}", layer);
    return name;
  };
  if (node.is_string()) {
    if (!is_canonical(key, configuration_))
      node.fail(
          "is not a weight of a transformer; known are embed, position, token_type, embedding_norm, "
          "final_norm, head, stem.N, self.query, self.key, self.value, self.out, self_norm, feed_forward.up, "
          "feed_forward.gate, "
          "feed_forward.down, feed_forward_norm, cross_attention.{i}.NAME where layers cross, and each with .bias");
    return add(key, {name_of(node), 0, 0});
  }
  if (!node.is_map()) node.fail("must be the tensor's name, or {name, split}");
  check_known(node, kPart);
  const std::vector<std::string> parts = node.at("split").strings();
  const std::string name = name_of(node.at("name"));
  const std::size_t dot = key.rfind('.');
  const std::string parent = dot == std::string::npos ? "" : key.substr(0, dot + 1);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!is_canonical(parent + parts[i], configuration_))
      node.at("split").fail("makes " + parent + parts[i] + ", which is not a weight of a transformer");
    add(parent + parts[i], {name, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(parts.size())});
  }
}

// A bias lies beside its weight unless the family says otherwise.
void Family::add(const std::string& canonical, Place place) {
  constexpr std::string_view kWeight = ".weight";
  if (!canonical.ends_with(".bias") && place.name.ends_with(kWeight)) {
    Place bias = place;
    bias.name.replace(bias.name.size() - kWeight.size(), kWeight.size(), ".bias");
    places_.try_emplace(canonical + ".bias", std::move(bias));
  }
  places_.insert_or_assign(canonical, std::move(place));
}

void Family::tell(const Call& call, const std::string& canonical, const Place& place, std::int64_t layer) const {
  const bool outside = place.name.starts_with('/');  // of the prefix
  const std::string name = numbered(outside ? place.name.substr(1) : place.name, layer);
  call.weight_source(numbered(canonical, layer), outside ? name : prefix_ + name, place.part, place.parts);
}

void Family::tell_sources(const Call& call) const {
  for (const auto& [key, place] : places_) {
    std::string_view plain = key;
    if (plain.ends_with(".bias")) plain.remove_suffix(5);
    const bool crossing = key.starts_with("cross_attention.");
    if (!crossing && !is_among(kInLayer, plain)) {
      tell(call, key, place, 0);
      continue;
    }
    for (std::int64_t layer = 0; layer < configuration_.layers; ++layer) {
      if (!crossing) {
        tell(call, "layers.{i}." + key, place, layer);
      } else if (configuration_.crosses_in(layer)) {
        tell(call, key, place, layer);
      }
    }
  }
}

}  // namespace motet::transformer
