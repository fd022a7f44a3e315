#include "device/vulkan/custom_shaders.hpp"

#include <xxhash.h>

#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "device/vulkan/cache_folder.hpp"
#include "device/vulkan/custom_source.hpp"
#include "device/vulkan/glsl_compiler.hpp"

namespace motet::device::vulkan {
namespace {

using Words = std::vector<std::uint32_t>;

std::uint64_t hash_of(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string hex(std::uint64_t number) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  return {digits.data(), end};
}

// A file of the cache: what was compiled and by what, so that nothing hangs on a hash alone; then a sum over the words,
// then the words.
class CachedFile {
 public:
  explicit CachedFile(const std::string& source)
      : head_("motet custom shader, glslang " + glsl_compiler_version() + "\n" + source + '\0') {
    const std::filesystem::path folder = cache_folder();
    if (!folder.empty()) file_ = folder / ("custom-" + hex(hash_of(head_)) + ".spv");
  }

  std::optional<Words> read() const {
    if (file_.empty()) return std::nullopt;
    const std::vector<char> bytes = read_cached(file_);
    std::uint64_t sum = 0;
    const std::size_t begin = head_.size() + sizeof sum;
    if (bytes.size() <= begin || (bytes.size() - begin) % sizeof(std::uint32_t) != 0) return std::nullopt;
    std::memcpy(&sum, bytes.data() + head_.size(), sizeof sum);
    const std::string_view code(bytes.data() + begin, bytes.size() - begin);
    if (std::memcmp(bytes.data(), head_.data(), head_.size()) != 0 || sum != hash_of(code)) return std::nullopt;
    Words words(code.size() / sizeof(std::uint32_t));
    std::memcpy(words.data(), code.data(), code.size());
    return words;
  }

  void write(const Words& words) const {
    if (file_.empty()) return;
    const std::string_view code(reinterpret_cast<const char*>(words.data()), words.size() * sizeof(std::uint32_t));
    const std::uint64_t sum = hash_of(code);
    std::string bytes = head_;
    bytes.append(reinterpret_cast<const char*>(&sum), sizeof sum).append(code);
    (void)write_cached(file_, bytes);
  }

 private:
  std::string head_;
  std::filesystem::path file_;
};

std::string line_of(std::string_view text, int number) {
  for (int line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return std::string(text.substr(0, text.find('\n')));
}

[[noreturn]] void refuse(const program::OpDef& op, std::size_t output, const GlslMistake& mistake) {
  const program::Custom& custom = *op.custom;
  const program::CustomOperand& made = custom.outputs()[output];
  std::string where =
      "operation '" + std::string(op.name) + "' of the plugin " + std::string(custom.plugin()) + ": [C096] its GLSL";
  const std::string wanted =
      std::string(made.dtype == tensor::DType::i32 ? "int " : "float ") + std::string(made.name) + "_at(uint i)";
  std::string help = "the body must define " + wanted + "; motet/operation.h says what it finds";
  if (mistake.part == kAuthorsPart && mistake.line > 0) {
    where += ", line " + std::to_string(mistake.line);
    help = line_of(custom.glsl(), mistake.line);
    help = "the line is: " + help.substr(std::min(help.find_first_not_of(" \t"), help.size()));
  } else if (mistake.part < kAuthorsPart && mistake.line > 0) {
    help = "a name of its operands, outputs or attributes means something in GLSL already: choose another";
  }
  base::fail(base::ErrorKind::plugin, where + ": " + mistake.message, help);
}

}  // namespace

struct CustomShaders::Made {
  Words words;
  std::string name;
  std::vector<std::string> names;  // of the bindings
  std::vector<Binding> bindings;
  std::array<PushMember, 2> push{{{"first", 0, 1}, {"count", 4, 1}}};
  std::array<SpecConstant, 1> constants{{{"local_size_x", 0, 1}}};
  Shader shader;
};

CustomShaders::CustomShaders() = default;
CustomShaders::~CustomShaders() = default;

const Shader& CustomShaders::find(const program::OpDef& op, std::size_t output) {
  const std::string source = custom_source(op, output);
  const auto known = made_.find(source);
  if (known != made_.end()) return known->second->shader;

  auto made = std::make_unique<Made>();
  const CachedFile file(source);
  if (std::optional<Words> cached = file.read()) {
    made->words = std::move(*cached);
  } else {
    std::variant<Words, GlslMistake> compiled = compile_glsl(source);
    if (const auto* mistake = std::get_if<GlslMistake>(&compiled)) refuse(op, output, *mistake);
    made->words = std::get<Words>(std::move(compiled));
    ++compiled_;
    file.write(made->words);
  }
  made->name = op.name;
  made->names.emplace_back("facts");
  for (std::size_t i = 0; i < op.inputs.size(); ++i) made->names.push_back("input" + std::to_string(i));
  made->names.emplace_back("result");
  for (const std::string& name : made->names)
    made->bindings.push_back({name, static_cast<std::uint32_t>(made->bindings.size()),
                              &name == &made->names.back() ? Binding::Kind::written : Binding::Kind::read});
  made->shader = {made->name, made->words, made->bindings, made->push, made->constants};
  return made_.emplace(source, std::move(made)).first->second->shader;
}

}  // namespace motet::device::vulkan
