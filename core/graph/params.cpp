#include "graph/params.hpp"

#include <algorithm>
#include <cmath>

#include "base/nearest.hpp"
#include "spec/document.hpp"
#include "spec/missing_path.hpp"
#include "spec/node.hpp"
#include "spec/params.hpp"
#include "spec/substitution.hpp"

namespace motet::graph {
namespace {

std::string_view kind_name(motet_param_kind kind) {
  switch (kind) {
    case MOTET_PARAM_BOOL:
      return "true or false";
    case MOTET_PARAM_INT:
      return "an integer";
    case MOTET_PARAM_FLOAT:
      return "a number";
    case MOTET_PARAM_STRING:
      return "text";
    case MOTET_PARAM_PATH:
      return "a path";
    case MOTET_PARAM_STRINGS:
      return "a list of texts";
    default:
      return "a value";
  }
}

std::string bound_text(double bound) {
  const bool whole = bound == std::floor(bound) && std::fabs(bound) < 1e15;
  return whole ? std::to_string(static_cast<long long>(bound)) : spec::number_text(bound);
}

class Binder {
 public:
  Binder(const FlatStage& stage, const plugin::StageTypeInfo& type, base::Diagnostics& diagnostics)
      : stage_(stage), type_(type), diagnostics_(diagnostics) {}

  std::vector<host::ParamValue> run() {
    std::vector<host::ParamValue> out;
    for (const plugin::ParamInfo& param : type_.params) out.push_back(bind(param));
    std::vector<std::string> known;
    for (const plugin::ParamInfo& param : type_.params) known.push_back(param.name);
    for (const spec::Argument& argument : stage_.spec->with) {
      if (std::find(known.begin(), known.end(), argument.name.text) != known.end()) continue;
      diagnostics_.add("M0120", argument.name.place, type_.id + " has no parameter '" + argument.name.text + "'",
                       known.empty() ? type_.id + " takes no parameters" : base::suggestion(argument.name.text, known));
    }
    return out;
  }

 private:
  host::ParamValue bind(const plugin::ParamInfo& param) {
    host::ParamValue out{param.name, param.kind, std::monostate{}};
    const auto& with = stage_.spec->with;
    const auto given = std::find_if(with.begin(), with.end(), [&](const auto& a) { return a.name.text == param.name; });
    if (given != with.end() && !given->value.is_null()) {
      read(param, given->value, true, out);
    } else if (param.otherwise) {
      base::Diagnostics ignored;
      auto file = std::make_shared<base::SourceFile>(base::SourceFile{"default of " + param.name, *param.otherwise});
      const std::optional<spec::Node> node = spec::parse_document(file, ignored);
      if (node && !node->is_null()) {
        read(param, *node, false, out);
      } else {
        read(param, spec::Node::scalar(*param.otherwise, true), false, out);
      }
    } else if (param.required) {
      diagnostics_.add("M0121", stage_.spec->use.place, type_.id + " wants the parameter '" + param.name + "'",
                       "write with: {" + param.name + ": ...}" + (param.help.empty() ? "" : " (" + param.help + ")"));
    }
    return out;
  }

  void wrong(const plugin::ParamInfo& param, const spec::Node& node, const std::string& got) {
    spec::Node bare = node;
    bare.quoted = false;
    const bool quotes = node.quoted && ((param.kind == MOTET_PARAM_BOOL && spec::as_bool(bare)) ||
                                        (param.kind == MOTET_PARAM_INT && spec::as_int(bare)) ||
                                        (param.kind == MOTET_PARAM_FLOAT && spec::as_float(bare)));
    diagnostics_.add("M0122", node.place,
                     "'" + param.name + "' wants " + std::string(kind_name(param.kind)) + ", got " +
                         (quotes ? "the text " : "") + got,
                     quotes ? "write it without quotes" : param.help);
  }

  void check_range(const plugin::ParamInfo& param, const spec::Node& node, double value) {
    if (value >= param.minimum && value <= param.maximum) return;
    std::string wanted;
    if (std::isfinite(param.minimum)) wanted += "at least " + bound_text(param.minimum);
    if (std::isfinite(param.maximum))
      wanted += (wanted.empty() ? "" : " and ") + ("at most " + bound_text(param.maximum));
    const double nearest = value < param.minimum ? param.minimum : param.maximum;
    std::string help =
        std::isnan(value) ? "write a number" : "write " + bound_text(nearest) + ", the nearest that it takes";
    if (param.otherwise) help += ", or leave it out for " + *param.otherwise;
    diagnostics_.add("M0123", node.place, "'" + param.name + "' is " + node.text + ", must be " + wanted,
                     help + (param.help.empty() ? "" : " (" + param.help + ")"));
  }

  static std::string path_help(const std::string& written, const std::string& path, const std::error_code& failed) {
    std::string unbraced = spec::unbraced_help(written);
    if (!unbraced.empty()) return unbraced;
    return failed ? "" : spec::missing_path_help(path);
  }

  void read_text(const plugin::ParamInfo& param, const spec::Node& node, bool from_user, host::ParamValue& out) {
    std::string text = node.text;
    if (!param.choices.empty() && std::find(param.choices.begin(), param.choices.end(), text) == param.choices.end()) {
      diagnostics_.add("M0124", node.place, "'" + param.name + "' cannot be '" + text + "'",
                       base::suggestion(text, param.choices));
    }
    if (param.kind == MOTET_PARAM_PATH && from_user) {
      if (text.empty()) {
        diagnostics_.add("M0125", node.place, "'" + param.name + "' is an empty path",
                         param.required ? "write a path" + (param.help.empty() ? "" : ": " + param.help)
                                        : "write a path, or leave it out");
        return;
      }
      text = std::filesystem::absolute(spec::resolve_path(*stage_.file, text)).lexically_normal().string();
      std::error_code failed;
      if (!std::filesystem::exists(text, failed)) {
        diagnostics_.add("M0125", node.place,
                         "'" + param.name + "' names " + text +
                             (failed ? ", which cannot be reached: " + failed.message() : ", which does not exist"),
                         path_help(node.text, text, failed));
      }
    }
    out.value = std::move(text);
  }

  void read_list(const plugin::ParamInfo& param, const spec::Node& node, host::ParamValue& out) {
    std::vector<std::string> texts;
    if (node.is_scalar()) texts.push_back(node.text);
    for (const spec::Node& item : node.items) {
      if (!item.is_scalar()) return wrong(param, item, std::string(spec::kind_name(item.kind)));
      texts.push_back(item.text);
    }
    out.value = std::move(texts);
  }

  void read(const plugin::ParamInfo& param, const spec::Node& node, bool from_user, host::ParamValue& out) {
    if (param.kind == MOTET_PARAM_STRINGS && !node.is_map()) return read_list(param, node, out);
    if (!node.is_scalar()) return wrong(param, node, std::string(spec::kind_name(node.kind)));
    const std::string got = "'" + node.text + "'";
    switch (param.kind) {
      case MOTET_PARAM_BOOL:
        if (const std::optional<bool> value = spec::as_bool(node)) {
          out.value = *value;
        } else {
          wrong(param, node, got);
        }
        return;
      case MOTET_PARAM_INT:
        if (const std::optional<std::int64_t> value = spec::as_int(node)) {
          check_range(param, node, static_cast<double>(*value));
          out.value = *value;
        } else {
          wrong(param, node, got);
        }
        return;
      case MOTET_PARAM_FLOAT:
        if (const std::optional<double> value = spec::as_float(node)) {
          check_range(param, node, *value);
          out.value = *value;
        } else {
          wrong(param, node, got);
        }
        return;
      default:
        return read_text(param, node, from_user, out);
    }
  }

  const FlatStage& stage_;
  const plugin::StageTypeInfo& type_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

std::vector<host::ParamValue> bind_arguments(const FlatStage& stage, const plugin::StageTypeInfo& type,
                                             base::Diagnostics& diagnostics) {
  return Binder(stage, type, diagnostics).run();
}

}  // namespace motet::graph
