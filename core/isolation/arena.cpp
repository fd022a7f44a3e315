#include "isolation/arena.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cassert>
#include <cstring>
#include <new>

namespace motet::isolation {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kPage = 4096;
constexpr std::size_t kChunkBytes = std::size_t{4} << 20;
constexpr std::size_t kMostTried = 16;  // blocks that a search looks at: it must not cost more than a new block

// Before each block.
struct alignas(kAlignment) Header {
  std::atomic<std::uint32_t> holders;  // processes; 0: free
};
static_assert(sizeof(Header) == kAlignment && std::atomic<std::uint32_t>::is_always_lock_free);

Header& header(const std::byte* data) {
  return *reinterpret_cast<Header*>(const_cast<std::byte*>(data) - sizeof(Header));
}

std::size_t rounded(std::size_t size, std::size_t unit) { return (size + unit - 1) / unit * unit; }

// Four sizes to each doubling, so that few are enough and little is left over.
std::size_t capacity_of(std::size_t size_bytes) {
  const std::size_t step = std::max(kAlignment, std::bit_ceil(std::max<std::size_t>(size_bytes, 1)) / 8);
  return rounded(std::max<std::size_t>(size_bytes, 1), step);
}

Place place_in(const Mapping& chunk, const std::byte* data, std::size_t size_bytes) {
  return {chunk.begin(), chunk.bytes().size(), chunk.begin() + static_cast<std::uint64_t>(data - chunk.bytes().data()),
          size_bytes};
}

}  // namespace

Mapping::Mapping(int file, std::uint64_t begin, std::uint64_t bytes, bool writable) : begin_(begin) {
  void* at =
      ::mmap(nullptr, bytes, PROT_READ | (writable ? PROT_WRITE : 0), MAP_SHARED, file, static_cast<off_t>(begin));
  if (at == MAP_FAILED) throw std::bad_alloc();
  bytes_ = {static_cast<std::byte*>(at), static_cast<std::size_t>(bytes)};
}

Mapping::~Mapping() {
  if (bytes_.data() != nullptr) ::munmap(bytes_.data(), bytes_.size());
}

Arena::Arena(Descriptor file, std::uint64_t most_bytes) : file_(std::move(file)), most_bytes_(most_bytes) {}

tensor::HostTensor Arena::allocate(const tensor::TensorType& type) {
  std::byte* data = take(type.size_bytes());
  std::memset(data, 0, type.size_bytes());
  return {type, data, shared_from_this()};
}

std::byte* Arena::take(std::size_t size_bytes) {
  if (size_bytes > SIZE_MAX / 2) throw std::bad_alloc();
  const std::size_t capacity = capacity_of(size_bytes);
  const std::lock_guard lock(mutex_);
  Class& blocks = classes_[capacity];
  std::byte* data = reuse(blocks);
  if (data == nullptr) {
    data = carve(capacity);
    blocks.blocks.push_back(data);
  }
  header(data).holders.store(1, std::memory_order_relaxed);
  return data;
}

std::byte* Arena::reuse(Class& blocks) {
  const std::size_t count = blocks.blocks.size();
  for (std::size_t tried = 0; tried < std::min(count, kMostTried); ++tried) {
    if (blocks.next >= count) blocks.next = 0;
    std::byte* data = blocks.blocks[blocks.next++];
    if (header(data).holders.load(std::memory_order_acquire) == 0) return data;
  }
  return nullptr;
}

std::byte* Arena::carve(std::size_t capacity) {
  const std::size_t stride = sizeof(Header) + capacity;
  if (chunks_.empty() || chunks_.back().bytes().size() - used_ < stride) {
    const std::size_t bytes = std::max(kChunkBytes, rounded(stride, kPage));
    if (bytes > most_bytes_ || file_bytes_ > most_bytes_ - bytes) throw std::bad_alloc();
    if (::ftruncate(file_.number(), static_cast<off_t>(file_bytes_ + bytes)) != 0) throw std::bad_alloc();
    chunks_.emplace_back(file_.number(), file_bytes_, bytes, true);
    file_bytes_ += bytes;
    used_ = 0;
  }
  // Its pages now: where there are none left this fails, and a write later would end the process.
  const Mapping& chunk = chunks_.back();
  if (::fallocate(file_.number(), 0, static_cast<off_t>(chunk.begin() + used_), static_cast<off_t>(stride)) != 0)
    throw std::bad_alloc();
  std::byte* data = chunk.bytes().data() + used_ + sizeof(Header);
  ::new (&header(data)) Header{};
  used_ += stride;
  return data;
}

void Arena::give_back(std::byte* data) noexcept { header(data).holders.fetch_sub(1, std::memory_order_release); }

void Arena::lend(const std::byte* data) const { header(data).holders.fetch_add(1, std::memory_order_relaxed); }

Place Arena::place(const std::byte* data, std::size_t size_bytes) const {
  const std::lock_guard lock(mutex_);
  const auto chunk = std::find_if(chunks_.begin(), chunks_.end(), [&](const Mapping& one) { return one.holds(data); });
  assert(chunk != chunks_.end());
  return place_in(*chunk, data, size_bytes);
}

std::byte* View::at(const Place& place) {
  struct stat about{};
  const std::lock_guard lock(mutex_);
  auto chunk = chunks_.find(place.chunk_begin);
  if (chunk == chunks_.end()) {
    const bool there = ::fstat(file_.number(), &about) == 0 && place.chunk_begin % kPage == 0 &&
                       place.chunk_bytes % kPage == 0 && place.chunk_bytes > 0 &&
                       place.chunk_begin <= static_cast<std::uint64_t>(about.st_size) &&
                       place.chunk_bytes <= static_cast<std::uint64_t>(about.st_size) - place.chunk_begin;
    if (!there) throw Nonsense("shared memory that is not there");
    chunk =
        chunks_.try_emplace(place.chunk_begin, file_.number(), place.chunk_begin, place.chunk_bytes, writable_).first;
  }
  const std::uint64_t size = chunk->second.bytes().size();
  const std::uint64_t begin = place.offset - place.chunk_begin;
  if (place.offset < place.chunk_begin + sizeof(Header) || place.offset % kAlignment != 0 || begin > size ||
      place.size_bytes > size - begin) {
    throw Nonsense("shared memory that is no block");
  }
  return chunk->second.bytes().data() + begin;
}

Place View::place(const std::byte* data, std::size_t size_bytes) const {
  const std::lock_guard lock(mutex_);
  const auto chunk =
      std::find_if(chunks_.begin(), chunks_.end(), [&](const auto& one) { return one.second.holds(data); });
  assert(chunk != chunks_.end());
  return place_in(chunk->second, data, size_bytes);
}

void View::give_back(std::byte* data) noexcept {
  if (writable_) header(data).holders.fetch_sub(1, std::memory_order_release);
}

}  // namespace motet::isolation
