// Shapes, weights and tensors as a plugin names them.
#pragma once

#include <motet/abi.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace motet {

// A number, or a symbol that stands for one not known yet; equal symbols are equal sizes.
struct Dim {
  std::int64_t size = -1;
  std::uint32_t symbol = 0;
  Dim() = default;
  Dim(std::int64_t number) : size(number) {}  // NOLINT: a number is a dimension
  Dim(int number) : size(number) {}           // NOLINT
  static Dim of_symbol(std::uint32_t symbol) {
    Dim dim;
    dim.symbol = symbol;
    return dim;
  }
  bool known() const { return size >= 0; }
  friend bool operator==(const Dim&, const Dim&) = default;
};

// dtype and shape, row-major. dtype MOTET_NONE: no tensor, nothing connected, or an absent weight.
struct Spec {
  motet_dtype dtype = MOTET_NONE;
  std::vector<Dim> dims;
  explicit operator bool() const { return dtype != MOTET_NONE; }
  int rank() const { return static_cast<int>(dims.size()); }
  // Negative counts from the end. Precondition: within the rank.
  const Dim& operator[](int axis) const { return dims[static_cast<std::size_t>(axis < 0 ? axis + rank() : axis)]; }

  static Spec from(const motet_tensor_spec& spec) {
    Spec out;
    out.dtype = spec.dtype;
    for (std::uint32_t i = 0; i < spec.rank && i < MOTET_MAX_RANK; ++i) {
      out.dims.push_back(spec.dims[i].size >= 0 ? Dim(spec.dims[i].size) : Dim::of_symbol(spec.dims[i].symbol));
    }
    return out;
  }
  void write(motet_tensor_spec& spec) const {
    spec.dtype = dtype;
    spec.rank = static_cast<std::uint32_t>(dims.size());
    for (std::size_t i = 0; i < dims.size() && i < MOTET_MAX_RANK; ++i) {
      spec.dims[i] = motet_dim{dims[i].size, dims[i].symbol, 0};
    }
  }
};

// A weight that negotiate declared, for build. False where it was optional and is absent.
struct Weight {
  std::string canonical;
  Spec spec;  // its true dtype and shape
  explicit operator bool() const { return static_cast<bool>(spec); }
};

// A tensor of the program that is being written. Valid in the same build. False: absent.
struct Tensor {
  motet_tensor id = 0;
  explicit operator bool() const { return id != 0; }
};

// A generator's memory: attention takes append and window as its past; state_read and state_write take replace.
struct State {
  enum Kind : motet_state_kind {
    append = MOTET_STATE_APPEND,   // all earlier tokens
    window = MOTET_STATE_WINDOW,   // the last ones
    replace = MOTET_STATE_REPLACE  // what the step before left
  };
  motet_tensor id = 0;
};

// What an operation takes: a tensor, a weight, a state, or nothing.
struct Operand {
  motet_tensor id = 0;
  const Weight* weight = nullptr;
  Operand() = default;
  Operand(Tensor tensor) : id(tensor.id) {}               // NOLINT
  Operand(State state) : id(state.id) {}                  // NOLINT
  Operand(const Weight& w) : weight(w ? &w : nullptr) {}  // NOLINT
  explicit operator bool() const { return id != 0 || weight != nullptr; }
};

// An attribute of an operation that a plugin brings.
struct Attribute {
  template <class Number>
    requires std::is_arithmetic_v<Number>
  Attribute(const char* name, Number value)
      : abi{name,
            std::is_integral_v<Number> ? MOTET_ATTRIBUTE_INTEGER : MOTET_ATTRIBUTE_NUMBER,
            0,
            static_cast<std::int64_t>(std::is_integral_v<Number> ? value : Number{}),
            static_cast<double>(value),
            nullptr,
            nullptr} {}
  motet_attribute abi;
};

// The flat tokens of one step of a generator: N tokens of any mix of rows.
struct Step {
  Tensor tokens;     // i32[N]
  Tensor positions;  // i32[N], from 0 in each row
  Tensor row;        // i32[N], which sequence; -1: padding
  Tensor feature;    // i32[N], which vector of another modality, -1 for a word
  Tensor want;       // i32[W], indices of the tokens whose logits are wanted
};

}  // namespace motet
