#include "plugin/stage_type_info.hpp"

#include <algorithm>

namespace motet::plugin {
namespace {

template <class Item>
const Item* by_name(const std::vector<Item>& items, std::string_view name) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

bool StageTypeInfo::has_extension(std::string_view extension) const {
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

const PortInfo* StageTypeInfo::find_input(std::string_view name) const { return by_name(inputs, name); }
const PortInfo* StageTypeInfo::find_output(std::string_view name) const { return by_name(outputs, name); }
const ParamInfo* StageTypeInfo::find_param(std::string_view name) const { return by_name(params, name); }
const SlotInfo* StageTypeInfo::find_slot(std::string_view name) const { return by_name(slots, name); }

std::string_view param_kind_name(motet_param_kind kind) {
  switch (kind) {
    case MOTET_PARAM_BOOL:
      return "bool";
    case MOTET_PARAM_INT:
      return "int";
    case MOTET_PARAM_FLOAT:
      return "float";
    case MOTET_PARAM_STRING:
      return "string";
    case MOTET_PARAM_PATH:
      return "path";
    case MOTET_PARAM_STRINGS:
      return "strings";
    default:
      return "unknown";
  }
}

}  // namespace motet::plugin
