// What a plugin may ask of the host while a call of its own runs. A Call must not be kept beyond that.
#pragma once

#include <motet/abi.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "motet/document.hpp"
#include "motet/tensor.hpp"
#include "motet/value.hpp"

namespace motet {

class Filler;

class Call : public Context {
 public:
  explicit Call(const Context& context) : Context(context) {}

  void log(motet_log_level level, const std::string& message) const { host->log(call, level, message.c_str()); }
  void warn(const std::string& message) const { log(MOTET_LOG_WARNING, message); }
  void progress(std::uint64_t done, std::uint64_t total) const { host->progress(call, done, total); }
  bool should_cancel() const { return host->should_cancel(call) != 0; }
  void throw_if_cancelled() const {
    if (should_cancel()) throw Cancelled();
  }
  // Memory until the call returns, 64-byte aligned, not initialised.
  template <class T>
  std::span<T> scratch(std::size_t count) const {
    void* memory = host->scratch(call, count * sizeof(T));
    if (memory == nullptr) throw Error(MOTET_OUT_OF_MEMORY, {}, "no scratch memory is left");
    return {static_cast<T*>(memory), count};
  }

  // Making values; what is given is copied.
  Text text(std::string_view utf8) const {
    const motet_text_view view{sizeof view, utf8.data(), utf8.size()};
    return Text(*this, make(MOTET_VALUE_TEXT, &view));
  }
  Audio audio(std::span<const float> samples, std::uint32_t channels, std::uint32_t rate_hz) const {
    const motet_audio_view view{sizeof view, samples.data(), channels == 0 ? 0 : samples.size() / channels,
                                channels,    rate_hz,        nullptr};
    return Audio(*this, make(MOTET_VALUE_AUDIO, &view));
  }
  Image image(std::span<const std::uint8_t> pixels, std::uint32_t height, std::uint32_t width,
              std::uint32_t channels) const {
    if (pixels.size() != std::size_t{height} * width * channels)
      throw Error(MOTET_INTERNAL, {}, "pixels do not fit the image's size");
    const motet_image_view view{sizeof view, pixels.data(), height, width, channels, 0, nullptr};
    return Image(*this, make(MOTET_VALUE_IMAGE, &view));
  }
  Tokens tokens(const TokenLists& lists) const {
    const std::size_t count = lists.ids.size();
    const bool fits = (lists.feature.empty() || lists.feature.size() == count) &&
                      (lists.type_ids.empty() || lists.type_ids.size() == count) &&
                      (lists.offsets.empty() || lists.offsets.size() == 2 * count);
    if (!fits) throw Error(MOTET_INTERNAL, {}, "the lists of a tokens value differ in length");
    const motet_tokens_view view{
        sizeof view, lists.ids.data(), count, or_null(lists.feature), or_null(lists.type_ids), or_null(lists.offsets)};
    return Tokens(*this, make(MOTET_VALUE_TOKENS, &view));
  }
  NewTensor tensor(motet_dtype dtype, std::span<const std::int64_t> sizes) const {
    void* data = nullptr;
    motet_value* made = nullptr;
    check(host->tensor_new(call, dtype, static_cast<std::uint32_t>(sizes.size()), sizes.data(), &data, &made));
    std::size_t elements = 1;
    for (const std::int64_t size : sizes) elements *= static_cast<std::size_t>(size);
    return NewTensor(Value::adopt(*this, made), data, elements);
  }
  NewTensor tensor(motet_dtype dtype, std::initializer_list<std::int64_t> sizes) const {
    return tensor(dtype, std::span<const std::int64_t>(sizes.begin(), sizes.size()));
  }
  List list(std::span<const Value> items) const {
    std::vector<motet_value*> borrowed;
    for (const Value& item : items)
      borrowed.push_back(const_cast<motet_value*>(item.get()));  // the list takes its own reference
    motet_value* made = nullptr;
    check(host->list_new(call, borrowed.data(), borrowed.size(), &made));
    return List(*this, Value::adopt(*this, made));
  }

  // `path`: a file, or "family:NAME". `blame`: the parameter that named it, "with.file".
  Document open(const std::string& path, const std::string& blame = {}) const { return Document(*this, path, blame); }

  // The stage's weights; nothing where the pipeline names none. [in create and negotiate]
  std::optional<std::string> weights_path() const { return or_nothing(host->weights_path(call)); }
  std::optional<std::string> weights_format() const {
    return or_nothing(host->weights_format(call));
  }  // "safetensors", "gguf"
  bool weights_has(const std::string& name) const { return host->weights_has(call, name.c_str()) != 0; }
  // Where a canonical weight lies in the file: part `part` of `parts` along the first dimension (0: all).
  void weight_source(const std::string& canonical, const std::string& name, std::uint32_t part = 0,
                     std::uint32_t parts = 0) const {
    const motet_weight_source source{sizeof source, canonical.c_str(), name.c_str(), part, parts};
    check(host->weight_source(call, &source), "weights");
  }

  // The filler of a slot (slots.hpp); nothing where it is empty.
  std::optional<Filler> slot(const char* name) const;

 protected:
  static std::optional<std::string> or_nothing(const char* text) {
    return text == nullptr ? std::nullopt : std::optional<std::string>(text);
  }

 private:
  template <class T>
  static const T* or_null(std::span<const T> list) {
    return list.empty() ? nullptr : list.data();
  }
  Value make(motet_value_kind kind, const void* view) const {
    motet_value* made = nullptr;
    check(host->value_new(call, kind, view, &made));
    return Value::adopt(*this, made);
  }
};

}  // namespace motet
