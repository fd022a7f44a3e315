// Messages as bytes: plain numbers, texts and arrays, written one after the other into a block of shared memory.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/error.hpp"
#include "isolation/arena.hpp"

namespace motet::isolation {

// Without bytes between its members, which hold anything: messages are compared, and leave the process.
template <class T>
concept Plain =
    std::is_trivially_copyable_v<T> && (std::has_unique_object_representations_v<T> || std::is_floating_point_v<T>);

// Writes one message after the other into a block of the arena, which grows with them.
class Writer {
 public:
  explicit Writer(Arena& arena) : arena_(arena) {}
  ~Writer() {
    if (block_ != nullptr) arena_.give_back(block_);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void begin() { size_ = 0; }
  template <Plain T>
  void put(const T& plain) {
    raw(&plain, sizeof plain);
  }
  void put(std::string_view text) { array(std::span<const char>(text.data(), text.size())); }
  void put(const std::string& text) { put(std::string_view(text)); }
  void put(const char* text) { put(std::string_view(text)); }
  template <Plain T>
  void array(std::span<const T> items) {
    put<std::uint64_t>(items.size());
    raw(items.data(), items.size_bytes());
  }
  void raw(const void* data, std::size_t size_bytes);

  std::span<const std::byte> bytes() const { return {block_, size_}; }
  // For the other side; good until the next begin().
  Place place() const { return arena_.place(block_, size_); }

 private:
  Arena& arena_;
  std::byte* block_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

// Reads what a Writer wrote. What is not there is never read. Throws Nonsense.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <Plain T>
  T get() {
    T out{};
    std::memcpy(&out, take(sizeof out), sizeof out);
    return out;
  }
  bool flag() { return get<std::uint8_t>() != 0; }
  // An enumerator up to `last`.
  template <class Enum>
  Enum choice(Enum last) {
    const auto number = get<std::uint32_t>();
    if (number > static_cast<std::uint32_t>(last)) nonsense();
    return static_cast<Enum>(number);
  }
  std::string text() {
    const std::vector<char> read = array<char>();
    return {read.begin(), read.end()};
  }
  template <Plain T>
  std::vector<T> array() {
    const auto count = get<std::uint64_t>();
    if (count > rest_.size() / sizeof(T)) nonsense();
    std::vector<T> out(static_cast<std::size_t>(count));
    const std::byte* from = take(out.size() * sizeof(T));
    if (!out.empty()) std::memcpy(out.data(), from, out.size() * sizeof(T));
    return out;
  }
  // How many of something come next; each takes a byte at least.
  std::size_t count() {
    const auto number = get<std::uint64_t>();
    if (number > rest_.size()) nonsense();
    return static_cast<std::size_t>(number);
  }
  std::span<const std::byte> rest() const { return rest_; }

  [[noreturn]] static void nonsense() { throw Nonsense("a message that makes no sense"); }

 private:
  const std::byte* take(std::size_t size_bytes) {
    if (size_bytes > rest_.size()) nonsense();
    const std::byte* at = rest_.data();
    rest_ = rest_.subspan(size_bytes);
    return at;
  }
  std::span<const std::byte> rest_;
};

}  // namespace motet::isolation
