// What flows between stages: one item each, immutable and reference-counted. Passing one on copies nothing.
//
// `motet_value` of the plugin contract is this object. Any thread may read and count it.
#pragma once

#include <atomic>
#include <cassert>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tensor/host_tensor.hpp"

// The contract's name for a value; its header only declares it.
struct motet_value {};

namespace motet::value {

// The numbers are part of the plugin contract (motet/value.h).
enum class Kind : std::uint32_t { text = 1, image = 2, audio = 3, table = 4, tokens = 5, tensor = 6, list = 7 };
std::string_view name(Kind kind);

class Value;

// Holds one reference; may be empty.
class Ref {
 public:
  Ref() = default;
  // Takes over a reference that the caller has.
  static Ref adopt(const Value* value) { return Ref(value); }
  // Takes a reference of its own.
  static Ref share(const Value* value);
  Ref(const Ref& other) : Ref(share(other.value_)) {}
  Ref(Ref&& other) noexcept : value_(std::exchange(other.value_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Ref();

  const Value* get() const { return value_; }
  const Value* operator->() const { return value_; }
  const Value& operator*() const { return *value_; }
  explicit operator bool() const { return value_ != nullptr; }
  // Gives the reference away.
  const Value* release() { return std::exchange(value_, nullptr); }

 private:
  explicit Ref(const Value* value) : value_(value) {}
  const Value* value_ = nullptr;
};

// u8, height x width x channels, sRGB; or the path of an encoded file and no pixels.
struct Image {
  std::vector<std::uint8_t> pixels;
  std::uint32_t height = 0;
  std::uint32_t width = 0;
  std::uint32_t channels = 0;
  std::string path;
};

// f32 in [-1, 1], frames x channels interleaved; or the path of an encoded file and no samples.
struct Audio {
  std::vector<float> samples;
  std::uint32_t channels = 0;
  std::uint32_t rate_hz = 0;
  std::string path;
  std::uint64_t frames() const { return channels == 0 ? 0 : samples.size() / channels; }
};

// Each list but ids may be empty: not known.
struct Tokens {
  std::vector<std::int32_t> ids;
  std::vector<std::int32_t> feature;   // which feature vector stands here, -1 for a word
  std::vector<std::int32_t> type_ids;  // segment of each token
  std::vector<std::uint32_t> offsets;  // begin and end of each token in the text, in characters: 2 * ids.size()
};

using List = std::vector<Ref>;

class Value : public ::motet_value {
 public:
  using Content = std::variant<std::string, Image, Audio, Tokens, tensor::HostTensor, List>;

  explicit Value(Content content) : content_(std::move(content)) {}
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;

  Kind kind() const;
  // Precondition: the value is of that kind.
  const std::string& text() const { return get<std::string>(); }  // well-formed UTF-8
  const Image& image() const { return get<Image>(); }
  const Audio& audio() const { return get<Audio>(); }
  const Tokens& tokens() const { return get<Tokens>(); }
  const tensor::HostTensor& tensor() const { return get<tensor::HostTensor>(); }
  const List& list() const { return get<List>(); }

  void retain() const { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() const {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }
  // For checks of who forgot to retain; exact only while no other thread holds the value.
  std::uint32_t references() const { return references_.load(std::memory_order_relaxed); }
  // Elements of a tensor whose maker has not handed it on yet.
  std::byte* writable_tensor_data() { return std::get<tensor::HostTensor>(content_).data(); }

 private:
  ~Value() = default;
  template <class T>
  const T& get() const {
    const T* found = std::get_if<T>(&content_);
    assert(found != nullptr);
    return *found;
  }

  Content content_;
  mutable std::atomic<std::uint32_t> references_{1};
};

inline Ref Ref::share(const Value* value) {
  if (value != nullptr) value->retain();
  return Ref(value);
}
inline Ref::~Ref() {
  if (value_ != nullptr) value_->release();
}

// Precondition: `text` is well-formed UTF-8 (base/utf8.hpp); sizes fit each other as the structs above say.
Ref make_text(std::string text);
Ref make_image(Image image);
Ref make_image_file(std::string path);
Ref make_audio(Audio audio);
Ref make_audio_file(std::string path);
Ref make_tokens(Tokens tokens);
Ref make_tensor(tensor::HostTensor tensor);
Ref make_list(List items);

// "text", "audio", "tokens[17]", "f32[1, 288]", "list of 3": for messages.
std::string describe(const Value& value);

}  // namespace motet::value
