// An operation of a plugin's own, as one class without instances; MOTET_PLUGIN takes it beside the stages.
//
//   struct Fold {
//     static constexpr auto operation = motet::operation("wave.fold/1")
//         .summary("y = x folded into [-limit, limit]")
//         .in<float>("x", "any shape").out<float>("y", "like x")
//         .attribute<double>("limit", "where it folds").otherwise(1).range(1e-3)
//         .glsl("float y_at(uint i) { ... }");                               motet/operation.h says what it finds
//     static void compute(const motet::Use& use, motet::Part<float> y);       elements y.begin to y.end
//     static motet::Sizes shape(const motet::Use& use);                       if the output has not the first operand's
//     static std::int64_t cost(const motet::Use& use, int output);            if an element takes a loop
//   };
//
// Several outputs: compute takes a Part of each, of which all but one are empty in a call; shape returns a vector of
// Sizes. All are pure and run on any thread. otherwise(), range() and required() speak of the attribute before them.
#pragma once

#include <motet/abi.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "motet/error.hpp"

namespace motet {

using Sizes = std::vector<std::int64_t>;

namespace detail {

template <class T>
constexpr motet_dtype element_dtype() {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, std::int32_t>, "elements are float or std::int32_t");
  return std::is_same_v<T, float> ? MOTET_F32 : MOTET_I32;
}

struct OperandText {
  const char* name = nullptr;
  const char* help = nullptr;
  motet_dtype dtype = MOTET_NONE;
  std::uint32_t flags = 0;
};

struct AttributeText {
  const char* name = nullptr;
  const char* help = nullptr;
  motet_attribute_kind kind = MOTET_ATTRIBUTE_NUMBER;
  bool required = false;
  double otherwise = 0;
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
};

}  // namespace detail

// One too many of anything does not compile. Strings must be literals.
struct OperationDescription {
  const char* id = nullptr;
  const char* summary_text = "";
  const char* glsl_text = nullptr;
  std::array<detail::OperandText, 8> inputs{};
  std::array<detail::OperandText, 4> outputs{};
  std::array<detail::AttributeText, 16> attributes{};
  std::size_t n_inputs = 0, n_outputs = 0, n_attributes = 0;

  constexpr OperationDescription summary(const char* text) const {
    OperationDescription next = *this;
    next.summary_text = text;
    return next;
  }
  constexpr OperationDescription glsl(const char* body) const {
    OperationDescription next = *this;
    next.glsl_text = body;
    return next;
  }
  template <class T>
  constexpr OperationDescription in(const char* name, const char* help = "", std::uint32_t flags = 0) const {
    OperationDescription next = *this;
    next.inputs[next.n_inputs++] = {name, help, detail::element_dtype<T>(), flags};
    return next;
  }
  template <class T>
  constexpr OperationDescription out(const char* name, const char* help = "") const {
    OperationDescription next = *this;
    next.outputs[next.n_outputs++] = {name, help, detail::element_dtype<T>(), 0};
    return next;
  }
  template <class T>  // an integer of 32 bits, or a number
  constexpr OperationDescription attribute(const char* name, const char* help) const {
    OperationDescription next = *this;
    detail::AttributeText& added = next.attributes[next.n_attributes++];
    added.name = name;
    added.help = help;
    static_assert(std::is_arithmetic_v<T>, "an attribute is an integer or a number");
    added.kind = std::is_integral_v<T> ? MOTET_ATTRIBUTE_INTEGER : MOTET_ATTRIBUTE_NUMBER;
    return next;
  }
  constexpr OperationDescription otherwise(double value) const {
    OperationDescription next = *this;
    next.attributes[n_attributes - 1].otherwise = value;
    return next;
  }
  constexpr OperationDescription range(double minimum, double maximum = std::numeric_limits<double>::infinity()) const {
    OperationDescription next = *this;
    next.attributes[n_attributes - 1].minimum = minimum;
    next.attributes[n_attributes - 1].maximum = maximum;
    return next;
  }
  constexpr OperationDescription required() const {
    OperationDescription next = *this;
    next.attributes[n_attributes - 1].required = true;
    return next;
  }
};

constexpr OperationDescription operation(const char* id) {
  OperationDescription out;
  out.id = id;
  return out;
}

// Elements [begin, end) of an output, which compute() is to set; an element is named by its place in the whole output.
template <class T>
struct Part {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  T* to = nullptr;  // element `begin`
  T& operator[](std::int64_t i) const { return to[i - begin]; }
};

// One use of an operation, by the names of its description. Throws where a name is none of them.
class Use {
 public:
  Use(const motet_use* table, const OperationDescription& description) : table_(table), description_(description) {}

  bool given(const char* operand) const { return find(operand) != nullptr; }
  // Of operands, and of outputs but in shape().
  std::span<const std::int64_t> shape(const char* name) const {
    const motet_tensor_view* view = find(name);
    if (view == nullptr)
      throw Error(MOTET_INTERNAL, {}, std::string("it asks for the shape of '") + name + "', which is absent");
    return {view->sizes, view->rank};
  }
  // A negative axis counts from the last.
  std::int64_t size(const char* name, int axis) const {
    const auto sizes = shape(name);
    const auto rank = static_cast<int>(sizes.size());
    if (axis >= rank || axis < -rank)
      throw ItemError(std::string(name) + " has " + std::to_string(rank) + " dimensions, and no axis " +
                      std::to_string(axis));
    return sizes[static_cast<std::size_t>(axis < 0 ? axis + rank : axis)];
  }
  // An operand's elements, row by row; empty where it is absent. In compute() only.
  template <class T>
  std::span<const T> in(const char* operand) const {
    const motet_tensor_view* view = find(operand);
    if (view == nullptr || view->data == nullptr) return {};
    if (view->dtype != detail::element_dtype<T>())
      throw Error(MOTET_INTERNAL, {}, std::string("it reads '") + operand + "' as another type than was declared");
    return {static_cast<const T*>(view->data), view->size_bytes / sizeof(T)};
  }
  std::int64_t integer(const char* name) const { return attribute(name).integer; }
  double number(const char* name) const { return attribute(name).number; }

 private:
  // nullptr: absent.
  const motet_tensor_view* find(const char* name) const {
    for (std::size_t i = 0; i < table_->n_inputs && i < description_.n_inputs; ++i) {
      if (std::strcmp(description_.inputs[i].name, name) == 0) return table_->inputs[i];
    }
    for (std::size_t i = 0; i < table_->n_outputs && i < description_.n_outputs; ++i) {
      if (std::strcmp(description_.outputs[i].name, name) == 0) return table_->outputs[i];
    }
    throw Error(MOTET_INTERNAL, {}, std::string("it asks for '") + name + "', which is not there");
  }
  const motet_attribute& attribute(const char* name) const {
    for (std::size_t i = 0; i < table_->n_attributes && i < description_.n_attributes; ++i) {
      if (std::strcmp(description_.attributes[i].name, name) == 0) return table_->attributes[i];
    }
    throw Error(MOTET_INTERNAL, {}, std::string("it asks for the attribute '") + name + "', which is not there");
  }

  const motet_use* table_;
  const OperationDescription& description_;
};

}  // namespace motet
