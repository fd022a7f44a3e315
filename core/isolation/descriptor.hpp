// A file descriptor that is closed with its owner, and is closed in programs that the process starts.
#pragma once

#include <unistd.h>

#include <cstddef>
#include <utility>

namespace motet::isolation {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int number() const { return number_; }

 private:
  int number_ = -1;
};

// Of a call of the system that gave no descriptor or failed: what, and why. Throws base::Error(environment).
[[noreturn]] void system_failed(const char* what);

// A file in memory of that many bytes, zeros, which can grow and never shrinks: who maps it need not fear for its end.
Descriptor memory_file(const char* name, std::size_t size_bytes);
// The same file for reading alone.
Descriptor read_only(const Descriptor& file);

}  // namespace motet::isolation
