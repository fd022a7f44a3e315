// Tensors in memory that processes share: a file in memory, of which one process, its owner, gives out blocks, and
// which others map as they come to see blocks of it.
//
// A block counts its holders where both processes see them, so that either may be the last to let go; the owner finds
// that out when it next wants a block of such a size. Blocks are not given back to the system before the arena is: the
// next item wants the same ones, and pages that are there already cost nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "isolation/descriptor.hpp"
#include "tensor/host_tensor.hpp"

namespace motet::isolation {

// What the other side said cannot be: it is out of its mind, and its process of no more use.
class Nonsense : public base::Error {
 public:
  explicit Nonsense(const char* what) : Error(base::ErrorKind::plugin, what) {}
};

// Where bytes lie, for another process. The chunk is the part of the file that the owner mapped at once.
struct Place {
  std::uint64_t chunk_begin = 0;
  std::uint64_t chunk_bytes = 0;
  std::uint64_t offset = 0;  // in the file
  std::uint64_t size_bytes = 0;
};

// Memory of an arena's file that this process mapped.
class Mapping {
 public:
  // Throws std::bad_alloc where there is no room for it.
  Mapping(int file, std::uint64_t begin, std::uint64_t bytes, bool writable);
  ~Mapping();
  Mapping(Mapping&& other) noexcept : bytes_(std::exchange(other.bytes_, {})), begin_(other.begin_) {}
  Mapping& operator=(Mapping&&) = delete;

  std::span<std::byte> bytes() const { return bytes_; }
  std::uint64_t begin() const { return begin_; }
  bool holds(const std::byte* data) const { return data >= bytes_.data() && data < bytes_.data() + bytes_.size(); }

 private:
  std::span<std::byte> bytes_;
  std::uint64_t begin_;
};

// The owner's side. Held by shared_ptr alone: its tensors hold it too.
class Arena final : public tensor::Memory, public tensor::Allocator, public std::enable_shared_from_this<Arena> {
 public:
  // Over an empty file that may be written; it grows to no more than `most_bytes`.
  explicit Arena(Descriptor file, std::uint64_t most_bytes = UINT64_MAX);

  tensor::HostTensor allocate(const tensor::TensorType& type) override;
  // A block of the caller's, not zeroed. Throws std::bad_alloc.
  std::byte* take(std::size_t size_bytes);
  void give_back(std::byte* data) noexcept override;

  // The block, or what begins it, for another process. Precondition: `data` is a block of this arena.
  Place place(const std::byte* data, std::size_t size_bytes) const;
  // One holder more: another process, whose View gives the block back.
  void lend(const std::byte* data) const;
  const Descriptor& file() const { return file_; }

 private:
  struct Class {  // blocks of one size
    std::vector<std::byte*> blocks;
    std::size_t next = 0;  // where the search for a free one goes on
  };
  std::byte* reuse(Class& blocks);
  std::byte* carve(std::size_t capacity);

  Descriptor file_;
  std::uint64_t most_bytes_;
  mutable std::mutex mutex_;
  std::vector<Mapping> chunks_;
  std::size_t used_ = 0;  // of the last chunk
  std::uint64_t file_bytes_ = 0;
  std::map<std::size_t, Class> classes_;  // by capacity
};

// Another process's arena.
class View final : public tensor::Memory, public std::enable_shared_from_this<View> {
 public:
  // `writable`: its blocks may be given back from here.
  View(Descriptor file, bool writable) : file_(std::move(file)), writable_(writable) {}

  // Throws Nonsense where the place is none of this file, std::bad_alloc. [any thread]
  std::byte* at(const Place& place);
  Place place(const std::byte* data, std::size_t size_bytes) const;  // of what at() gave
  void give_back(std::byte* data) noexcept override;
  const Descriptor& file() const { return file_; }

 private:
  Descriptor file_;
  bool writable_;
  mutable std::mutex mutex_;
  std::map<std::uint64_t, Mapping> chunks_;  // by where they begin
};

}  // namespace motet::isolation
