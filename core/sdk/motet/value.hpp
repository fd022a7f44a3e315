// Values as a plugin sees them: Text, Audio, Image, Tokens, TensorValue and List are handles that hold one reference.
//
// Views (text(), samples(), ids()) point into the value and live as long as a handle to it. A value of another kind
// than the handle's throws ItemError.
#pragma once

#include <motet/abi.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "motet/error.hpp"

namespace motet {

// Where a host function is called from.
struct Context {
  const motet_host* host = nullptr;
  motet_call* call = nullptr;

  // Throws what the host's last function said where it failed.
  void check(motet_status status, const char* path = "") const {
    if (status != MOTET_OK) throw Error(status, path, host->last_error(call));
  }
};

class Value {
 public:
  Value() = default;
  static Value adopt(const Context& context, motet_value* value) { return Value(context.host, value); }
  static Value share(const Context& context, const motet_value* value) {
    return Value(context.host, value == nullptr ? nullptr : context.host->value_retain(value));
  }
  Value(const Value& other)
      : host_(other.host_), value_(other.value_ == nullptr ? nullptr : other.host_->value_retain(other.value_)) {}
  Value(Value&& other) noexcept : host_(other.host_), value_(std::exchange(other.value_, nullptr)) {}
  Value& operator=(Value other) noexcept {
    std::swap(host_, other.host_);
    std::swap(value_, other.value_);
    return *this;
  }
  ~Value() {
    if (value_ != nullptr) host_->value_release(value_);
  }

  explicit operator bool() const { return value_ != nullptr; }
  motet_value_kind kind() const { return value_ == nullptr ? 0 : host_->value_kind(value_); }
  const motet_value* get() const { return value_; }
  motet_value* release() { return std::exchange(value_, nullptr); }

 protected:
  template <class View>
  View view(const Context& context, motet_value_kind kind) const {
    View out{};
    out.struct_size = sizeof(View);
    context.check(context.host->value_view(context.call, value_, kind, &out));
    return out;
  }
  const motet_host* host_ = nullptr;
  motet_value* value_ = nullptr;

 private:
  Value(const motet_host* host, motet_value* value) : host_(host), value_(value) {}
};

class Text : public Value {
 public:
  Text(const Context& context, Value value)
      : Value(std::move(value)), view_(view<motet_text_view>(context, MOTET_VALUE_TEXT)) {}
  std::string_view text() const { return {view_.data, view_.size_bytes}; }

 private:
  motet_text_view view_;
};

class Image : public Value {  // pixels u8, height x width x channels, sRGB; or only a path
 public:
  Image(const Context& context, Value value)
      : Value(std::move(value)), view_(view<motet_image_view>(context, MOTET_VALUE_IMAGE)) {}
  bool is_file() const { return view_.pixels == nullptr; }
  std::string_view path() const { return view_.path == nullptr ? "" : view_.path; }
  std::uint32_t height() const { return view_.height; }
  std::uint32_t width() const { return view_.width; }
  std::uint32_t channels() const { return view_.channels; }
  std::span<const std::uint8_t> pixels() const {
    return {view_.pixels, is_file() ? 0 : std::size_t{height()} * width() * channels()};
  }

 private:
  motet_image_view view_;
};

class Audio : public Value {  // samples f32 in [-1, 1], frames x channels interleaved; or only a path
 public:
  Audio(const Context& context, Value value)
      : Value(std::move(value)), view_(view<motet_audio_view>(context, MOTET_VALUE_AUDIO)) {}
  bool is_file() const { return view_.samples == nullptr && view_.path != nullptr; }
  std::string_view path() const { return view_.path == nullptr ? "" : view_.path; }
  std::uint64_t frames() const { return view_.frames; }
  std::uint32_t channels() const { return view_.channels; }
  std::uint32_t rate_hz() const { return view_.rate_hz; }
  std::span<const float> samples() const {
    return {view_.samples, view_.samples == nullptr ? 0 : static_cast<std::size_t>(frames()) * channels()};
  }

 private:
  motet_audio_view view_;
};

class Tokens : public Value {
 public:
  Tokens(const Context& context, Value value)
      : Value(std::move(value)), view_(view<motet_tokens_view>(context, MOTET_VALUE_TOKENS)) {}
  std::span<const std::int32_t> ids() const { return {view_.ids, view_.count}; }
  // Each is empty where it is not known.
  std::span<const std::int32_t> feature() const { return {view_.feature, view_.feature == nullptr ? 0 : view_.count}; }
  std::span<const std::int32_t> type_ids() const {
    return {view_.type_ids, view_.type_ids == nullptr ? 0 : view_.count};
  }
  std::span<const std::uint32_t> offsets() const {  // begin and end of each token, in characters
    return {view_.offsets, view_.offsets == nullptr ? 0 : 2 * view_.count};
  }

 private:
  motet_tokens_view view_;
};

class TensorValue : public Value {  // row-major
 public:
  TensorValue(const Context& context, Value value)
      : Value(std::move(value)), view_(view<motet_tensor_view>(context, MOTET_VALUE_TENSOR)) {}
  motet_dtype dtype() const { return view_.dtype; }
  std::span<const std::int64_t> sizes() const { return {view_.sizes, view_.rank}; }
  // Throws ItemError where the elements are of another type.
  std::span<const float> floats() const { return elements<float>(MOTET_F32, "f32"); }
  std::span<const std::int32_t> integers() const { return elements<std::int32_t>(MOTET_I32, "i32"); }
  std::span<const std::byte> bytes() const { return {static_cast<const std::byte*>(view_.data), view_.size_bytes}; }

 private:
  template <class T>
  std::span<const T> elements(motet_dtype dtype, const char* name) const {
    if (view_.dtype != dtype) throw ItemError(std::string("a tensor of ") + name + " is wanted");
    return {static_cast<const T*>(view_.data), view_.size_bytes / sizeof(T)};
  }
  motet_tensor_view view_;
};

// A tensor in the making: write to data(), then return it.
class NewTensor : public Value {
 public:
  NewTensor(Value value, void* data, std::size_t elements)
      : Value(std::move(value)), data_(data), elements_(elements) {}
  std::span<float> floats() { return {static_cast<float*>(data_), elements_}; }                  // precondition: f32
  std::span<std::int32_t> integers() { return {static_cast<std::int32_t*>(data_), elements_}; }  // precondition: i32
  void* data() { return data_; }

 private:
  void* data_;
  std::size_t elements_;
};

class List : public Value {
 public:
  List(const Context& context, Value value) : Value(std::move(value)), context_(context) {
    if (kind() != MOTET_VALUE_LIST) throw ItemError("a list is wanted");
  }
  std::size_t size() const { return host_->list_size(value_); }
  Value at(std::size_t index) const { return Value::share(context_, host_->list_at(value_, index)); }
  Text text_at(std::size_t index) const { return Text(context_, at(index)); }
  TensorValue tensor_at(std::size_t index) const { return TensorValue(context_, at(index)); }

 private:
  Context context_;
};

// What a tokens value is made of; each but ids may be empty.
struct TokenLists {
  std::span<const std::int32_t> ids;
  std::span<const std::int32_t> feature{};
  std::span<const std::int32_t> type_ids{};
  std::span<const std::uint32_t> offsets{};
};

}  // namespace motet
