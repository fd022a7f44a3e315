// Sizes of a tensor's dimensions: numbers (Shape), or numbers and symbols (SymbolicShape).
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace motet::tensor {

inline constexpr int kMaxRank = 8;

// Row-major: the last dimension is contiguous. A value type without heap memory.
class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<std::int64_t> sizes) { assign({sizes.begin(), sizes.size()}); }
  explicit Shape(std::span<const std::int64_t> sizes) { assign(sizes); }

  int rank() const { return rank_; }
  std::int64_t operator[](int axis) const { return sizes_[index(axis)]; }  // negative counts from the end
  std::int64_t& operator[](int axis) { return sizes_[index(axis)]; }
  std::int64_t elements() const { return elements_from(0); }  // 1 for rank 0
  std::int64_t elements_from(int axis) const;                 // of the dimensions from `axis` on
  void push_back(std::int64_t size) {
    assert(rank_ < kMaxRank);
    sizes_[static_cast<std::size_t>(rank_++)] = size;
  }
  std::span<const std::int64_t> sizes() const { return {sizes_.data(), static_cast<std::size_t>(rank_)}; }
  const std::int64_t* begin() const { return sizes_.data(); }
  const std::int64_t* end() const { return sizes_.data() + rank_; }
  friend bool operator==(const Shape& a, const Shape& b);
  std::string text() const;  // "[1, 457, 288]"

 private:
  void assign(std::span<const std::int64_t> sizes) {
    assert(sizes.size() <= kMaxRank);
    for (std::int64_t size : sizes) push_back(size);
  }
  std::size_t index(int axis) const {
    assert(axis < rank_ && axis >= -rank_);
    return static_cast<std::size_t>(axis < 0 ? axis + rank_ : axis);
  }
  std::array<std::int64_t, kMaxRank> sizes_{};
  int rank_ = 0;
};

// A dimension as the graph knows it: a number, or a symbol that unification may still bind.
struct Dim {
  std::int64_t size = -1;    // >= 0: known
  std::uint32_t symbol = 0;  // where size < 0
  bool known() const { return size >= 0; }
  static Dim number(std::int64_t n) { return {n, 0}; }
  static Dim of_symbol(std::uint32_t s) { return {-1, s}; }
  friend bool operator==(const Dim&, const Dim&) = default;
};
using SymbolicShape = std::vector<Dim>;

// Offsets between neighbours of each axis, in elements.
std::array<std::int64_t, kMaxRank> row_major_strides(const Shape& shape);

}  // namespace motet::tensor
