#include "prompt/chat_source.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace motet::prompt {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostTemplateBytes = 1 << 20;

fs::path gguf_in(const fs::path& folder) {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".gguf") return entry.path();
  }
  return {};
}

ChatSource from_gguf(const Call& call, const fs::path& file) {
  const Document document = call.open(file.string(), "with.file");
  const Node root = document.root();
  const auto token = [&](const char* key) -> std::string {
    const Node id = root.find(key);
    const Node all = root.find("tokenizer.ggml.tokens");
    if (id.is_null() || !all.is_list() || id.integer() < 0 || static_cast<std::size_t>(id.integer()) >= all.size())
      return {};
    return std::string(all.at(static_cast<std::size_t>(id.integer())).string());
  };
  return {root.find("tokenizer.chat_template").string_or(""), file.string(), token("tokenizer.ggml.bos_token_id"),
          token("tokenizer.ggml.eos_token_id")};
}

// "</s>" or {content: "</s>", ...}
std::string special_token(const Node& node) {
  if (node.is_map()) return node.find("content").string_or("");
  return node.string_or("");
}

// One template, or several with names, of which "default" is meant for chats.
std::string chosen_template(const Node& node) {
  if (!node.is_list()) return node.string_or("");
  std::string first;
  for (std::size_t i = 0; i < node.size(); ++i) {
    const Node one = node.at(i);
    if (one.find("name").string_or("") == "default") return std::string(one.at("template").string());
    if (first.empty()) first = one.find("template").string_or("");
  }
  return first;
}

std::string read_text(const fs::path& file) {
  const std::uintmax_t size = fs::file_size(file);
  if (size > kMostTemplateBytes)
    throw ParameterError("with.file", file.string() + ": a chat template of at most 1 MiB is wanted");
  std::string text(size, '\0');
  std::ifstream stream(file, std::ios::binary);
  if (!stream.read(text.data(), static_cast<std::streamsize>(size))) {
    throw IoError(file.string() + ": cannot be read: " + std::generic_category().message(errno), "with.file");
  }
  return text;
}

ChatSource from_folder(const Call& call, const fs::path& folder) {
  ChatSource out;
  std::error_code ignored;
  const fs::path config = folder / "tokenizer_config.json";
  if (fs::exists(config, ignored)) {
    const Document document = call.open(config.string(), "with.file");
    const Node root = document.root();
    out = {chosen_template(root.find("chat_template")), config.string(), special_token(root.find("bos_token")),
           special_token(root.find("eos_token"))};
  }
  const fs::path own = folder / "chat_template.jinja";
  if (fs::exists(own, ignored)) {
    out.text = read_text(own);
    out.where = own.string();
  }
  return out;
}
}  // namespace

ChatSource find_chat_source(const Call& call, const std::string& file) {
  const fs::path path(file);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) throw ParameterError("with.file", file + ": there is no such file or folder");
  if (path.extension() == ".gguf") return from_gguf(call, path);
  const fs::path folder = fs::is_directory(path, ignored) ? path : path.parent_path();
  ChatSource out = from_folder(call, folder);
  const fs::path gguf = out.text.empty() && fs::is_directory(path, ignored) ? gguf_in(folder) : fs::path();
  return gguf.empty() ? out : from_gguf(call, gguf);
}

}  // namespace motet::prompt
