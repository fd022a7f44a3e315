// The stage type `tokenizer`: text to token ids and back, as a host stage and, in a slot, for decoders and prompts.
#include <motet/sdk.hpp>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <limits>
#include <new>
#include <optional>
#include <system_error>
#include <tuple>

#include "tokenizer/tokenizer.hpp"

namespace motet::tokenizer {
namespace {

namespace fs = std::filesystem;

// The file that says what the tokenizer is: `path` itself, or what lies in the folder `path`.
fs::path find_file(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) throw ParameterError("with.file", "'" + path.string() + "' does not exist");
  if (!fs::is_directory(path, error)) return path;
  if (const fs::path json = path / "tokenizer.json"; fs::exists(json, error)) return json;
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    if (entry.path().extension() == ".gguf") found.push_back(entry.path());
  }
  if (found.size() == 1) return found.front();
  const std::string what = found.empty() ? "neither a tokenizer.json nor a .gguf file" : "several .gguf files";
  throw ParameterError("with.file", "the folder '" + path.string() + "' holds " + what + "; name the file itself");
}

struct FileBytes {
  std::string bytes;
  std::size_t slack;  // readable bytes behind
};

[[noreturn]] void cannot_read(const fs::path& path) {
  if (errno == ENOMEM) throw std::bad_alloc();
  throw IoError("cannot read '" + path.string() + "': " + std::generic_category().message(errno), "with.file");
}

FileBytes read_json(const fs::path& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) cannot_read(path);
  const auto size = static_cast<std::size_t>(in.tellg());
  FileBytes file{{}, simdjson::SIMDJSON_PADDING};
  file.bytes.resize(size + file.slack);
  in.seekg(0);
  in.read(file.bytes.data(), static_cast<std::streamsize>(size));
  if (static_cast<std::size_t>(in.gcount()) != size) cannot_read(path);
  return file;
}

bool is_gguf(const fs::path& path) {
  char magic[4] = {};
  std::ifstream in(path, std::ios::binary);
  if (!in.read(magic, sizeof magic) && !in.eof()) cannot_read(path);
  return std::string_view(magic, sizeof magic) == "GGUF";
}

// The metadata of a GGUF file. Straight through the host's table: a Node would write out the place of each of 100,000
// entries.
class GgufMetadata {
 public:
  GgufMetadata(const Call& call, const fs::path& path) : host_(call.host) {
    call.check(host_->open_document(call.call, path.c_str(), &document_), "with.file");
  }
  ~GgufMetadata() { host_->close_document(document_); }
  GgufMetadata(const GgufMetadata&) = delete;
  GgufMetadata& operator=(const GgufMetadata&) = delete;

  // The views live as long as this.
  GgufVocabulary vocabulary() const {
    GgufVocabulary out;
    out.model = text(find("model"));
    out.pre = text(find("pre"));
    each("tokens", [&](const motet_node* node) { out.tokens.push_back(text(node)); });
    each("merges", [&](const motet_node* node) { out.merges.push_back(text(node)); });
    each("scores", [&](const motet_node* node) { out.scores.push_back(static_cast<float>(host_->node_number(node))); });
    each("token_type", [&](const motet_node* node) {
      out.token_types.push_back(static_cast<std::int32_t>(host_->node_integer(node)));
    });
    out.bos = id("bos_token_id");
    out.eos = id("eos_token_id");
    out.unknown = id("unknown_token_id");
    out.add_bos = flag("add_bos_token");
    out.add_eos = flag("add_eos_token");
    out.add_space_prefix = flag("add_space_prefix");
    return out;
  }

 private:
  const motet_node* find(const char* key) const {
    return host_->node_find(host_->document_root(document_), (std::string("tokenizer.ggml.") + key).c_str());
  }
  std::string_view text(const motet_node* node) const {
    if (node == nullptr || host_->node_kind(node) != MOTET_NODE_STRING) return {};
    motet_text_view view{sizeof(motet_text_view), nullptr, 0};
    host_->node_string(node, &view);
    return {view.data, view.size_bytes};
  }
  template <class Visit>
  void each(const char* key, Visit visit) const {
    const motet_node* list = find(key);
    const std::size_t count = list != nullptr && host_->node_kind(list) == MOTET_NODE_LIST ? host_->node_size(list) : 0;
    for (std::size_t i = 0; i < count; ++i) visit(host_->node_at(list, i));
  }
  std::optional<std::uint32_t> id(const char* key) const {
    const motet_node* node = find(key);
    if (node == nullptr || host_->node_kind(node) != MOTET_NODE_INTEGER) return std::nullopt;
    const std::int64_t value = host_->node_integer(node);
    // What does not fit 32 bits is no token either way; the tokenizer then says so.
    if (value < 0 || value > std::numeric_limits<std::uint32_t>::max())
      return std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(value);
  }
  std::optional<bool> flag(const char* key) const {
    const motet_node* node = find(key);
    if (node == nullptr || host_->node_kind(node) != MOTET_NODE_BOOL) return std::nullopt;
    return host_->node_bool(node) != 0;
  }

  const motet_host* host_;
  motet_document* document_ = nullptr;
};

Tokenizer load(const Call& call, const fs::path& given) {
  const fs::path path = find_file(given);
  try {
    if (is_gguf(path)) return Tokenizer::from_gguf(GgufMetadata(call, path).vocabulary());
    const FileBytes file = read_json(path);
    return Tokenizer::from_json(std::string_view(file.bytes).substr(0, file.bytes.size() - file.slack), file.slack);
  } catch (const TokenizerError& error) {
    throw ParameterError("with.file", path.string() + ": " + error.what());
  }
}

// Errors about one text are that item's.
template <class Body>
auto for_item(const char* path, Body body) {
  try {
    return body();
  } catch (const TokenizerError& error) {
    throw ItemError(error.what(), path);
  }
}

}  // namespace

class Stage {
 public:
  static constexpr auto type =
      stage_type("tokenizer", "tokenizer")
          .summary("Turns text into token ids, as a model's tokenizer.json or GGUF file says, and back.")
          .example("words: {use: tokenizer, with: {file: model/tokenizer.json}, in: {text: inputs.text}}")
          .in("text", "text", "what is to be tokenized; a tokenizer that fills a slot needs none")
          .out("ids", "tokens", "token ids with their places in the text")
          .out("text", "text", "the ids decoded again, without special tokens")
          .param<Path>("file", "tokenizer.json, GGUF file, or a folder that holds one")
          .required()
          .param<bool>("add_special", "add the special tokens that the model expects around a text")
          .otherwise("true")
          .param<std::int64_t>("max_length",
                               "cut to so many tokens, special ones included, instead of what the file says")
          .range(1)
          .param<std::string>("padding", "pad as the file says, or not at all")
          .otherwise("file")
          .choices("file", "none");

  explicit Stage(const Params& params) : tokenizer_(load(params.call(), params.string("file"))) {
    options_.add_special_tokens = params.boolean("add_special");
    options_.pad = params.string("padding") == "file";
    if (params.has("max_length")) options_.max_length = static_cast<std::size_t>(params.integer("max_length"));
  }

  std::tuple<Tokens, Text> process(const Call& call, const Text& text) const {
    return for_item("in.text", [&] {
      const Encoding encoding = tokenizer_.encode(text.text(), options_);
      return std::tuple<Tokens, Text>(tokens(call, encoding), call.text(tokenizer_.decode(encoding.ids)));
    });
  }

  // A prompt is taken whole: neither cut nor padded, whatever the file says.
  Tokens encode(const Call& call, std::string_view text, bool add_special) const {
    EncodeOptions options;
    options.add_special_tokens = add_special;
    options.truncate = options.pad = false;
    return for_item("", [&] { return tokens(call, tokenizer_.encode(text, options)); });
  }

  Text decode(const Call& call, std::span<const std::int32_t> ids, bool skip_special) const {
    const std::vector<TokenId> wanted(ids.begin(), ids.end());  // what is negative is no token and left out
    return for_item("", [&] { return call.text(tokenizer_.decode(wanted, skip_special)); });
  }

  std::int32_t token_id(std::string_view token) const noexcept {
    const TokenId id = tokenizer_.token_to_id(token);
    return id == kNoToken ? -1 : static_cast<std::int32_t>(id);
  }

 private:
  static Tokens tokens(const Call& call, const Encoding& encoding) {
    const std::vector<std::int32_t> ids(encoding.ids.begin(), encoding.ids.end());
    const std::vector<std::int32_t> type_ids(encoding.type_ids.begin(), encoding.type_ids.end());
    std::vector<std::uint32_t> offsets;
    offsets.reserve(2 * encoding.size());
    for (const CharacterRange& range : encoding.offsets) offsets.insert(offsets.end(), {range.begin, range.end});
    return call.tokens({.ids = ids, .type_ids = type_ids, .offsets = offsets});
  }

  Tokenizer tokenizer_;
  EncodeOptions options_;
};

}  // namespace motet::tokenizer

MOTET_PLUGIN("tokenizer", "1.0.0", motet::tokenizer::Stage)
