#include <cmath>
#include <cstddef>
#include <limits>

#include "base/utf8.hpp"
#include "plugin/operation_info.hpp"
#include "plugin/tables.hpp"

namespace motet::plugin {
namespace {

constexpr int kOperationWellFormed = 90;
constexpr std::uint32_t kMostInputs = 8;
constexpr std::uint32_t kMostOutputs = 4;
constexpr std::uint32_t kMostAttributes = 16;
constexpr std::size_t kMostGlslBytes = std::size_t{1} << 20;
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789_";

[[noreturn]] void wrong(const std::string& what) { malformed(what, kOperationWellFormed); }

// One that C, YAML and GLSL take alike.
bool is_name(std::string_view name) {
  return !name.empty() && kLetters.find(name.front()) != std::string_view::npos &&
         name.find_first_not_of(kNameCharacters) == std::string_view::npos &&
         name.find("__") == std::string_view::npos && !name.starts_with("motet_") && !name.starts_with("gl_");
}

void check_id(const std::string& id) {
  const std::string_view full = id;
  const std::size_t slash = full.find('/');
  const std::string_view version = slash == std::string_view::npos ? "" : full.substr(slash + 1);
  if (version.empty() || version.size() > 9 || version.front() == '0' ||
      version.find_first_not_of("0123456789") != std::string_view::npos)
    wrong("operation '" + id + "': an id ends with its version: 'wave.fold/1'");
  std::string_view name = full.substr(0, slash);
  if (name.find('.') == std::string_view::npos)
    wrong("operation '" + id + "': names without a dot are Motet's own; write it like 'wave.fold/1'");
  while (true) {
    const std::size_t dot = name.find('.');
    if (!is_name(name.substr(0, dot)))
      wrong("operation '" + id +
            "': a name is words of a-z, 0-9 and _ with dots between, each beginning with a letter, like 'wave.fold/1'");
    if (dot == std::string_view::npos) return;
    name.remove_prefix(dot + 1);
  }
}

class Reader {
 public:
  Reader(const motet_operation& from, const std::string& plugin) : from_(from) {
    out_.plugin = plugin;
    out_.id = wanted_text(from.id, "the id of an operation");
    check_id(out_.id);
    out_.summary = text_or_empty(from.summary);
  }

  OperationInfo run() {
    counted("inputs", from_.n_inputs, 1, kMostInputs);
    counted("outputs", from_.n_outputs, 1, kMostOutputs);
    counted("attributes", from_.n_attributes, 0, kMostAttributes);
    out_.inputs = operands(from_.inputs, from_.n_inputs, "inputs");
    out_.outputs = operands(from_.outputs, from_.n_outputs, "outputs");
    each(from_.attributes, from_.n_attributes, where("attributes"),
         [&](const motet_attribute_def& def, const std::string& at) { out_.attributes.push_back(attribute(def, at)); });
    if (from_.compute == nullptr) wrong(where("compute") + " is missing");
    if (from_.glsl == nullptr || *from_.glsl == '\0') wrong(where("glsl") + " is missing");
    if (std::string_view(from_.glsl).size() > kMostGlslBytes) wrong(where("glsl") + " has more than a megabyte");
    if (base::first_bad_utf8(from_.glsl)) wrong(where("glsl") + " is not UTF-8");
    for (const OperandInfo& output : out_.outputs) {
      if (output.optional) wrong(where("outputs") + ": " + output.name + " is optional, which only operands may be");
    }
    if (from_.infer == nullptr && out_.inputs.front().optional)
      wrong(where("infer") + " is missing, and the first operand, whose shape the outputs would have, is optional");
    return std::move(out_);
  }

 private:
  std::string where(const std::string& part) const { return "operation '" + out_.id + "': " + part; }

  void counted(const char* what, std::uint32_t count, std::uint32_t least, std::uint32_t most) const {
    if (count >= least && count <= most) return;
    wrong(where(what) + " are " + std::to_string(count) + ", wanted " + std::to_string(least) + " to " +
          std::to_string(most));
  }

  // In GLSL they all live side by side.
  std::string own_name(const char* given, const std::string& at) {
    std::string name = wanted_text(given, at + ".name");
    if (!is_name(name))
      wrong(at + ".name is '" + name +
            "': wanted are a-z, 0-9 and single _, a letter first, and no motet_ or gl_ before it");
    if (!names_.insert(name).second) wrong(where("'" + name + "' names two of its operands, outputs and attributes"));
    return name;
  }

  std::vector<OperandInfo> operands(const motet_operand* first, std::uint32_t count, const char* what) {
    std::vector<OperandInfo> out;
    each(first, count, where(what), [&](const motet_operand& operand, const std::string& at) {
      if (operand.dtype != MOTET_F32 && operand.dtype != MOTET_I32)
        wrong(at + ".dtype is " + std::to_string(operand.dtype) + ", wanted MOTET_F32 or MOTET_I32");
      out.push_back({own_name(operand.name, at), text_or_empty(operand.help), static_cast<tensor::DType>(operand.dtype),
                     (operand.flags & MOTET_OPERAND_OPTIONAL) != 0});
    });
    return out;
  }

  AttributeInfo attribute(const motet_attribute_def& def, const std::string& at) {
    AttributeInfo out{own_name(def.name, at),
                      text_or_empty(def.help),
                      def.kind,
                      def.required != 0,
                      def.otherwise,
                      def.minimum,
                      def.maximum};
    const bool integer = def.kind == MOTET_ATTRIBUTE_INTEGER;
    if (!integer && def.kind != MOTET_ATTRIBUTE_NUMBER)
      wrong(at + ".kind is " + std::to_string(def.kind) + ", wanted an integer or a number");
    if (std::isnan(def.minimum) || std::isnan(def.maximum) || def.minimum > def.maximum)
      wrong(at + ": its range is none");
    if (out.required) {
      out.otherwise = 0;
    } else if (!std::isfinite(def.otherwise) || def.otherwise < def.minimum || def.otherwise > def.maximum) {
      wrong(at + ".otherwise, the default, is outside its range");
    } else if (integer && (std::trunc(def.otherwise) != def.otherwise ||
                           std::abs(def.otherwise) > std::numeric_limits<std::int32_t>::max())) {
      wrong(at + ".otherwise is no integer of 32 bits");
    }
    return out;
  }

  const motet_operation& from_;
  OperationInfo out_;
  std::set<std::string> names_;
};

}  // namespace

std::string_view attribute_kind_name(motet_attribute_kind kind) {
  return kind == MOTET_ATTRIBUTE_INTEGER ? "integer" : "number";
}

OperationInfo describe_operation(const motet_operation* given, const std::string& plugin, const std::string& what) {
  return Reader(whole(sized(given, what, offsetof(motet_operation, cost))), plugin).run();
}

}  // namespace motet::plugin
