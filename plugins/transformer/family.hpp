// A family: how to read a model's files. YAML in families/, one page a model family.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <motet/sdk.hpp>

#include "transformer/configuration.hpp"

namespace motet::transformer {

// Where one canonical weight lies. `name` may hold {i}, the layer's number; where it begins with '/',
// the section's prefix does not stand before it.
struct Place {
  std::string name;
  std::uint32_t part = 0;
  std::uint32_t parts = 0;  // 0: the whole tensor
};

class Family {
 public:
  // `named`: a name (families/NAME.yaml beside the plugin) or a path to a YAML file. The call's stage must name
  // weights: their folder or file holds the configuration. Throws ParameterError.
  Family(const Call& call, const std::string& named);

  const std::string& name() const { return name_; }
  const Configuration& configuration() const { return configuration_; }

  // Tells the host where each canonical weight lies: "embed", "layers.3.self.query.weight", and what belongs to slots.
  void tell_sources(const Call& call) const;

 private:
  void read_weights(const Node& section, const Call& call);
  void read_weight(const std::string& key, const Node& node, const std::string& layer);
  void add(const std::string& canonical, Place place);
  void tell(const Call& call, const std::string& canonical, const Place& place, std::int64_t layer) const;

  std::string name_;
  Configuration configuration_;
  std::string prefix_;
  std::map<std::string, Place> places_;
};

// The number in place of each {i}.
std::string numbered(std::string text, std::int64_t number);

}  // namespace motet::transformer
