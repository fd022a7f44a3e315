#include "weights/safetensors_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>

#include "weights/layout.hpp"

namespace motet::weights {
namespace {

using nlohmann::json;

// What both documents have in common: keys that stand twice, depth, and values of a kind that has no place there.
// A handler that returns false ends the parse; `problem` then says why.
class StrictHandler : public nlohmann::json_sax<json> {
 public:
  std::string problem;

  bool null() override { return unexpected("null"); }
  bool boolean(bool) override { return unexpected("true or false"); }
  bool number_integer(number_integer_t) override { return unexpected("a negative number"); }
  bool number_unsigned(number_unsigned_t) override { return unexpected("a number"); }
  bool number_float(number_float_t, const string_t& text) override {
    return unexpected("the number " + in_quotes(text));
  }
  bool string(string_t& text) override { return unexpected("the text " + in_quotes(text)); }
  bool binary(binary_t&) override { return unexpected("binary data"); }
  bool start_array(std::size_t) override { return unexpected("a list"); }
  bool end_array() override { return true; }
  bool start_object(std::size_t) override {
    if (keys_.size() >= kMostDepth) return wrong("objects nest too deep");
    keys_.emplace_back();
    path_.emplace_back();
    return true;
  }
  bool end_object() override {
    keys_.pop_back();
    path_.pop_back();
    return true;
  }
  bool key(string_t& text) override {
    if (!keys_.back().insert(text).second) return wrong("the key " + in_quotes(text) + " is there twice");
    path_.back() = std::move(text);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    return wrong("it is not JSON, from byte " + std::to_string(position));
  }

 protected:
  static constexpr std::size_t kMostDepth = 8;
  bool wrong(std::string what) {
    problem = std::move(what);
    return false;
  }
  bool unexpected(const std::string& what) {
    return wrong(what + (path_.empty() ? " stands for the whole" : " stands at " + in_quotes(path_.back())));
  }
  std::size_t depth() const { return path_.size(); }
  const std::string& key_at(std::size_t level) const { return path_[level]; }

 private:
  std::vector<std::unordered_set<std::string>> keys_;  // of the objects that are open
  std::vector<std::string> path_;
};

class HeaderHandler final : public StrictHandler {
 public:
  std::vector<HeaderTensor> tensors;

  bool start_object(std::size_t size) override {
    if (depth() >= 2 || list_) return wrong("an object stands where none belongs");
    if (!StrictHandler::start_object(size)) return false;
    if (depth() == 2 && !in_metadata()) {
      tensors.emplace_back();
      tensors.back().name = key_at(0);
      seen_ = 0;
    }
    return true;
  }
  bool end_object() override {
    if (depth() == 2 && !in_metadata() && seen_ != 3) {
      return wrong("the tensor " + in_quotes(tensors.back().name) + " lacks its dtype, shape or data_offsets");
    }
    return StrictHandler::end_object();
  }
  bool key(string_t& text) override {
    if (!StrictHandler::key(text)) return false;
    const std::string& name = key_at(depth() - 1);
    if (depth() == 1 && name.empty()) return wrong("a tensor has no name");
    if (depth() != 2 || in_metadata()) return true;
    if (name != "dtype" && name != "shape" && name != "data_offsets") {
      return wrong("the tensor " + in_quotes(tensors.back().name) + " has the unknown key " + in_quotes(name));
    }
    ++seen_;
    return true;
  }
  bool string(string_t& text) override {
    if (depth() != 2 || list_) return unexpected("the text " + in_quotes(text));
    if (in_metadata()) return true;
    if (key_at(1) != "dtype") return unexpected("the text " + in_quotes(text));
    tensors.back().dtype = std::move(text);
    return true;
  }
  bool start_array(std::size_t) override {
    if (depth() != 2 || list_ || in_metadata() || key_at(1) == "dtype") return unexpected("a list");
    list_ = true;
    numbers_.clear();
    return true;
  }
  bool number_unsigned(number_unsigned_t number) override {
    if (!list_) return unexpected("a number");
    constexpr std::size_t kMostNumbers = 64;  // the rank is checked by the reader
    if (numbers_.size() >= kMostNumbers) return unexpected("a list of more than 64 numbers");
    numbers_.push_back(number);
    return true;
  }
  bool end_array() override {
    list_ = false;
    HeaderTensor& tensor = tensors.back();
    if (key_at(1) == "shape") {
      tensor.shape = numbers_;
      return true;
    }
    if (numbers_.size() != 2) return wrong("the data_offsets of " + in_quotes(tensor.name) + " are not two numbers");
    tensor.begin = numbers_[0];
    tensor.end = numbers_[1];
    return true;
  }

 private:
  bool in_metadata() const { return key_at(0) == "__metadata__"; }
  bool list_ = false;
  int seen_ = 0;
  std::vector<std::uint64_t> numbers_;
};

class IndexHandler final : public StrictHandler {
 public:
  std::vector<std::pair<std::string, std::string>> shards;
  bool has_map = false;

  // Beside the map an index holds whatever its writer liked to note.
  bool null() override { return noted("null"); }
  bool boolean(bool) override { return noted("true or false"); }
  bool number_integer(number_integer_t) override { return noted("a number"); }
  bool number_unsigned(number_unsigned_t) override { return noted("a number"); }
  bool number_float(number_float_t, const string_t&) override { return noted("a number"); }
  bool start_array(std::size_t) override { return noted("a list"); }
  bool start_object(std::size_t size) override {
    if (depth() > 1 && in_map()) return unexpected("an object");
    if (depth() == 1 && in_map()) has_map = true;
    return StrictHandler::start_object(size);
  }
  bool string(string_t& text) override {
    if (depth() != 2 || !in_map()) return noted("text");
    if (key_at(1).empty()) return wrong("a tensor has no name");
    shards.emplace_back(key_at(1), std::move(text));
    return true;
  }

 private:
  bool in_map() const { return key_at(0) == "weight_map"; }
  bool noted(const std::string& what) { return depth() > 0 && !in_map() ? true : unexpected(what); }
};

}  // namespace

std::vector<HeaderTensor> parse_header(const std::filesystem::path& path, std::string_view text) {
  HeaderHandler handler;
  if (!json::sax_parse(text.begin(), text.end(), &handler)) {
    refuse(path, "its header is wrong: " + handler.problem, "the file is damaged, get it again");
  }
  return std::move(handler.tensors);
}

std::vector<std::pair<std::string, std::string>> parse_index(const std::filesystem::path& path, std::string_view text) {
  IndexHandler handler;
  if (!json::sax_parse(text.begin(), text.end(), &handler)) {
    refuse(path, "the index is wrong: " + handler.problem, "get it again");
  }
  if (!handler.has_map) refuse(path, "has no \"weight_map\"", "it is not an index of safetensors shards, get it again");
  return std::move(handler.shards);
}

}  // namespace motet::weights
