#include "transformer/canonical.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace motet::transformer {
namespace {

// Constants without a constructor: what fails while a library is loaded ends the process.
using Names = std::span<const std::string_view>;
constexpr std::string_view kTop[] = {
    "layers", "width",        "heads",    "kv_heads",    "head_dim",       "feed_forward",
    "norm",   "attention",    "position", "token_types", "embedding_norm", "embedding_scale",
    "causal", "cross_layers", "cross_at", "final_norm",  "tie_head",       "head_bias",
    "stem",   "pooling",      "start",    "stop",        "max_positions",  "limits"};
constexpr std::string_view kFeedForward[] = {"width", "gated", "activation", "biases"};
constexpr std::string_view kNorm[] = {"kind", "place", "eps", "biases"};
constexpr std::string_view kAttention[] = {"biases"};
constexpr std::string_view kPosition[] = {"kind", "layout", "fraction", "dims", "theta"};
constexpr std::string_view kLimits[] = {"least", "most", "unit", "per_second"};
constexpr std::pair<std::string_view, Names> kNested[] = {{"feed_forward", kFeedForward},
                                                          {"norm", kNorm},
                                                          {"attention", kAttention},
                                                          {"position", kPosition},
                                                          {"limits", kLimits}};
constexpr std::string_view kStem[] = {"kind", "stride", "padding", "dilation", "groups", "eps", "biases", "activation"};
constexpr std::string_view kAlternative[] = {"key", "else"};
constexpr std::string_view kActivations[] = {"gelu", "gelu_tanh", "gelu_quick", "silu", "relu", "tanh", "sigmoid"};
// Other names under which configurations know them.
constexpr std::pair<std::string_view, std::string_view> kActivationNames[] = {
    {"gelu_new", "gelu_tanh"}, {"gelu_pytorch_tanh", "gelu_tanh"}, {"gelu_fast", "gelu_tanh"},
    {"gelu_python", "gelu"},   {"quick_gelu", "gelu_quick"},       {"swish", "silu"}};

constexpr std::int64_t kMostLayers = 1000;
constexpr std::int64_t kMostWidth = 1 << 20;

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

std::string listed(Names names) {
  std::string out;
  for (std::string_view name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}
}  // namespace

void check_known(const Node& map, std::span<const std::string_view> known) {
  for (std::size_t i = 0; i < map.size(); ++i) {
    const std::string_view key = map.key_at(i);
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const auto nearest = std::min_element(known.begin(), known.end(), [&](std::string_view a, std::string_view b) {
      return distance(key, a) < distance(key, b);
    });
    const bool near = nearest != known.end() && distance(key, *nearest) <= 2 + key.size() / 4;
    map.at(i).fail("is not a key of a family" +
                   (near ? ": did you mean '" + std::string(*nearest) + "'?" : "; here may stand " + listed(known)));
  }
}

CanonicalReader::CanonicalReader(Node common, Node special, Node config, std::string family)
    : common_(std::move(common)),
      special_(std::move(special)),
      config_(std::move(config)),
      family_(std::move(family)) {}

Node CanonicalReader::said(std::string_view path) const {
  for (const Node& section : {special_, common_}) {
    Node at = section;
    std::string_view rest = path;
    while (at && !rest.empty()) {
      const std::size_t dot = rest.find('.');
      at = at.find(rest.substr(0, dot));
      rest = dot == std::string_view::npos ? "" : rest.substr(dot + 1);
    }
    if (at) return at;
  }
  return {};
}

// GGUF's keys have dots in them; in a config.json a dot leads into a map.
Node CanonicalReader::config_value(std::string_view key) const {
  Node found = config_.find(key);
  if (found) return found;
  Node at = config_;
  for (std::string_view rest = key; at && !rest.empty();) {
    const std::size_t dot = rest.find('.');
    at = at.find(rest.substr(0, dot));
    rest = dot == std::string_view::npos ? "" : rest.substr(dot + 1);
  }
  return at;
}

bool CanonicalReader::is_key(const Node& said) const { return said.is_string() || said.is_map(); }

Node CanonicalReader::resolved_said(const Node& said) const {
  if (said.is_string()) {
    const Node found = config_value(said.string());
    return found.is_null() ? Node() : found;
  }
  if (!said.is_map()) return said;
  check_known(said, kAlternative);
  Node found = config_value(said.at("key").string());
  if (!found.is_null()) return found;
  const Node otherwise = said.find("else");
  return otherwise ? resolved_said(otherwise) : Node();
}

Node CanonicalReader::resolved(std::string_view path) const {
  const Node node = said(path);
  if (node.is_null()) return {};
  Node found = resolved_said(node);
  const bool has_other = node.is_map() && node.find("else");
  if (!found && !has_other) {
    const std::string key(node.is_map() ? node.at("key").string() : node.string());
    config_.find(key).fail("is missing; family " + family_ + " reads '" + std::string(path) +
                           "' from it: is this a model of that family, and its configuration whole?");
  }
  return found;
}

std::int64_t CanonicalReader::integer(std::string_view path, std::int64_t otherwise) const {
  const Node found = resolved(path);
  return found.is_null() ? otherwise : found.integer();
}

std::int64_t CanonicalReader::wanted_integer(std::string_view path) const {
  if (said(path).is_null()) common_.find(path).fail("is missing: family " + family_ + " must say it");
  return integer(path, 0);
}

double CanonicalReader::number(std::string_view path, double otherwise) const {
  const Node found = resolved(path);
  return found.is_null() ? otherwise : found.number();
}

bool CanonicalReader::boolean(std::string_view path, bool otherwise) const {
  const Node found = resolved(path);
  return found.is_null() ? otherwise : found.boolean();
}

// A word of `choices` is itself; any other is a key of the configuration.
std::string CanonicalReader::choice(std::string_view path, const std::vector<std::string_view>& choices,
                                    std::string_view otherwise) const {
  const Node node = said(path);
  if (node.is_null()) return std::string(otherwise);
  const auto among = [&](std::string_view word) {
    return std::find(choices.begin(), choices.end(), word) != choices.end();
  };
  if (node.is_string() && among(node.string())) return std::string(node.string());
  if (!is_key(node)) node.fail("must be one of " + listed(choices) + ", or a key of the model's configuration");
  const Node found = resolved(path);
  if (found.is_null()) return std::string(otherwise);
  if (!among(found.string()))
    found.fail("is '" + std::string(found.string()) + "'; family " + family_ + " can take " + listed(choices));
  return std::string(found.string());
}

std::string CanonicalReader::activation(const Node& node) const {
  const auto known = [](std::string_view word) -> std::string {
    for (const auto& [name, meaning] : kActivationNames) {
      if (name == word) return std::string(meaning);
    }
    return std::ranges::find(kActivations, word) != std::end(kActivations) ? std::string(word) : "";
  };
  if (node.is_string() && !known(node.string()).empty()) return known(node.string());
  const Node found = resolved_said(node);
  if (!found.is_string())
    node.fail("must be an activation (" + listed(kActivations) + ") or a key of the configuration that holds one");
  const std::string word = known(found.string());
  if (word.empty())
    found.fail("is '" + std::string(found.string()) + "': not an activation known here; known are " +
               listed(kActivations));
  return word;
}

void CanonicalReader::check_keys() const {
  for (const Node& section : {common_, special_}) {
    if (!section) continue;
    if (!section.is_map()) section.fail("must be a map");
    check_known(section, kTop);
    for (const auto& [name, keys] : kNested) {
      const Node nested = section.find(name);
      if (!nested) continue;
      if (!nested.is_map()) nested.fail("must be a map of " + listed(keys));
      check_known(nested, keys);
    }
  }
}

void CanonicalReader::read_layers(Configuration& out) const {
  out.layers = wanted_integer("layers");
  out.width = wanted_integer("width");
  out.heads = wanted_integer("heads");
  out.kv_heads = integer("kv_heads", out.heads);
  out.head_dim = integer("head_dim", 0);
  if (out.head_dim == 0 && out.heads > 0) out.head_dim = out.width / out.heads;
  out.feed_forward.width = wanted_integer("feed_forward.width");
  out.feed_forward.gated = boolean("feed_forward.gated", false);
  if (const Node node = said("feed_forward.activation")) out.feed_forward.activation = activation(node);
  out.feed_forward.biases = boolean("feed_forward.biases", true);
  out.norm.kind = choice("norm.kind", {"layer", "rms"}, "layer");
  out.norm.place = choice("norm.place", {"pre", "post"}, "pre");
  out.norm.eps = number("norm.eps", 1e-5);
  out.norm.biases = boolean("norm.biases", out.norm.kind == "layer");
  out.attention_biases = attention_biases();
}

// A configuration says true or false; a family may also say which.
std::string CanonicalReader::attention_biases() const {
  const std::vector<std::string_view> choices = {"none", "query_key_value", "all"};
  const Node node = said("attention.biases");
  if (node.is_null()) return "none";
  if (node.is_string() && std::find(choices.begin(), choices.end(), node.string()) != choices.end())
    return std::string(node.string());
  return boolean("attention.biases", false) ? "all" : "none";
}

void CanonicalReader::read_position(Configuration& out) const {
  out.position.kind = choice("position.kind", {"rope", "learned", "none"}, "none");
  out.position.layout = choice("position.layout", {"halves", "interleaved"}, "halves");
  out.position.theta = number("position.theta", 10000);
  const double fraction = number("position.fraction", 1);
  if (!(fraction > 0 && fraction <= 1)) said("position.fraction").fail("must be above 0 and at most 1");
  const auto turned = static_cast<std::int64_t>(std::floor(fraction * static_cast<double>(out.head_dim)));
  out.position.dims = integer("position.dims", turned - turned % 2);
  if (out.position.kind == "rope" &&
      (out.position.dims < 2 || out.position.dims % 2 != 0 || out.position.dims > out.head_dim)) {
    said("position")
        .fail("turns " + std::to_string(out.position.dims) + " of a head's " + std::to_string(out.head_dim) +
              " components: an even number of at least 2 is wanted");
  }
  if (!(out.position.theta > 0)) said("position.theta").fail("must be above 0");
}

void CanonicalReader::read_crossing(Configuration& out) const {
  const Node layers = said("cross_layers");
  if (layers.is_null() || (layers.is_string() && layers.string() == "none")) return;
  out.crosses = true;
  if (const Node at = said("cross_at"); at && at.string() != "after_self") at.fail("must be after_self");
  if (layers.is_string() && layers.string() == "all") return;
  const Node list = layers.is_list() ? layers : resolved("cross_layers");
  if (!list.is_list()) layers.fail("must be all, none, a list of layers, or a key of the configuration that holds one");
  out.cross_layers = list.integers();
  for (std::int64_t layer : out.cross_layers) {
    if (layer < 0 || layer >= out.layers)
      list.fail("names layer " + std::to_string(layer) + ", the model has " + std::to_string(out.layers));
  }
  out.crosses = !out.cross_layers.empty();
}

void CanonicalReader::read_stem(Configuration& out) const {
  const Node stem = said("stem");
  if (stem.is_null()) return;
  if (!stem.is_list()) stem.fail("must be a list of steps");
  for (std::size_t i = 0; i < stem.size(); ++i) {
    const Node node = stem.at(i);
    if (!node.is_map()) node.fail("must be a map with `kind`");
    check_known(node, kStem);
    StemStep step;
    step.kind = std::string(node.at("kind").string());
    if (step.kind != "conv1d" && step.kind != "group_norm") node.at("kind").fail("must be conv1d or group_norm");
    const auto number_of = [&](std::string_view key, std::int64_t otherwise) {
      const Node value = node.find(key);
      const Node found = value.is_null() ? Node() : resolved_said(value);
      return found.is_null() ? otherwise : found.integer();
    };
    step.stride = number_of("stride", 1);
    step.padding = number_of("padding", 0);
    step.dilation = number_of("dilation", 1);
    step.groups = number_of("groups", 1);
    step.eps = node.find("eps").number_or(1e-5);
    step.biases = node.find("biases").boolean_or(true);
    if (step.stride < 1 || step.padding < 0 || step.dilation < 1 || step.groups < 1)
      node.fail("has a stride, padding, dilation or groups out of range");
    if (const Node used = node.find("activation")) step.activation = activation(used);
    out.stem.push_back(std::move(step));
  }
}

void CanonicalReader::read_limits(Configuration& out) const {
  out.max_positions = integer("max_positions", 0);
  out.limits.least = integer("limits.least", 0);
  out.limits.most = integer("limits.most", 0);
  out.limits.per_second = number("limits.per_second", 0);
  if (const Node unit = said("limits.unit")) out.limits.unit = std::string(unit.string());
}

void CanonicalReader::read_generation(Configuration& out) const {
  out.start = integer("start", -1);
  const Node stop = said("stop");
  if (stop.is_null()) return;
  const auto add = [&](const Node& found) {
    if (found.is_list()) {
      for (std::int64_t id : found.integers()) out.stop.push_back(static_cast<std::int32_t>(id));
    } else if (!found.is_null()) {
      out.stop.push_back(static_cast<std::int32_t>(found.integer()));
    }
  };
  if (!stop.is_list()) return add(resolved("stop"));
  for (std::size_t i = 0; i < stop.size(); ++i) add(resolved_said(stop.at(i)));
}

void CanonicalReader::check_sizes(const Configuration& made) const {
  const auto bad = [&](std::string_view key, const std::string& why) {
    said(key).fail(why + " (family " + family_ + ")");
  };
  if (made.layers < 1 || made.layers > kMostLayers) bad("layers", "gives " + std::to_string(made.layers) + " layers");
  if (made.width < 1 || made.width > kMostWidth) bad("width", "gives a width of " + std::to_string(made.width));
  if (made.heads < 1 || made.kv_heads < 1 || made.heads % made.kv_heads != 0) {
    bad("heads", "gives " + std::to_string(made.heads) + " heads, which share " + std::to_string(made.kv_heads) +
                     " key and value heads unevenly");
  }
  if (made.head_dim < 1 || made.head_dim > kMostWidth) bad("heads", "gives heads of " + std::to_string(made.head_dim));
  if (made.feed_forward.width < 1 || made.feed_forward.width > 8 * kMostWidth)
    bad("feed_forward.width", "is out of range");
  if (!(made.norm.eps > 0)) bad("norm.eps", "must be above 0");
}

Configuration CanonicalReader::read() const {
  check_keys();
  Configuration out;
  read_layers(out);
  check_sizes(out);
  read_position(out);
  out.token_types = integer("token_types", 0);
  out.embedding_norm = boolean("embedding_norm", false);
  out.embedding_scale = number("embedding_scale", 1);
  out.causal = boolean("causal", false);
  out.final_norm = boolean("final_norm", true);
  out.tie_head = boolean("tie_head", false);
  out.head_bias = boolean("head_bias", false);
  out.pooling = choice("pooling", {"mean", "first", "max"}, "mean");
  read_crossing(out);
  read_stem(out);
  read_limits(out);
  read_generation(out);
  return out;
}

}  // namespace motet::transformer
