// From a class that describes an operation to the contract's table of it.
#pragma once

#include <motet/abi.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <exception>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>

#include "motet/operation.hpp"

namespace motet::detail {

template <class T>
concept IsOperation = requires {
  { T::operation.id } -> std::convertible_to<const char*>;
};

// Runs the body; whatever it throws becomes a status and a message.
template <class Body>
motet_status guarded_use(const motet_use* use, Body&& body) noexcept {
  const auto fail = [&](motet_status status, const char* message) {
    use->fail(use, message);
    return status;
  };
  try {
    body();
    return MOTET_OK;
  } catch (const Error& error) {
    return fail(error.status(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(MOTET_OUT_OF_MEMORY, "out of memory");
  } catch (const std::exception& error) {
    return fail(MOTET_INTERNAL, error.what());
  } catch (...) {
    return fail(MOTET_INTERNAL, "the plugin threw something that is no std::exception");
  }
}

// The element types of the parts that compute() takes.
template <class Function>
struct PartsOf;
template <class... T>
struct PartsOf<void (*)(const Use&, Part<T>...)> {
  using Elements = std::tuple<T...>;
};

inline void write_sizes(const Sizes& sizes, motet_tensor_spec& to) {
  if (sizes.size() > MOTET_MAX_RANK)
    throw Error(MOTET_INTERNAL, {}, "shape() gave " + std::to_string(sizes.size()) + " dimensions");
  to.rank = static_cast<std::uint32_t>(sizes.size());
  for (std::size_t d = 0; d < sizes.size(); ++d) to.dims[d] = {sizes[d], 0, 0};
}

template <class T>
struct OperationTrampolines {
  static constexpr const OperationDescription& kFrom = T::operation;

  static motet_status infer(const motet_use* table, motet_tensor_spec* const* outputs) noexcept {
    return guarded_use(table, [&] {
      const auto made = T::shape(Use(table, kFrom));
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(made)>, Sizes>) {
        static_assert(kFrom.n_outputs == 1, "shape() returns a std::vector<motet::Sizes>, one for each output");
        write_sizes(made, *outputs[0]);
      } else {
        if (made.size() != kFrom.n_outputs)
          throw Error(MOTET_INTERNAL, {}, "shape() gave " + std::to_string(made.size()) + " shapes");
        for (std::size_t i = 0; i < made.size(); ++i) write_sizes(made[i], *outputs[i]);
      }
    });
  }

  static motet_status compute(const motet_use* table, uint32_t output, int64_t begin, int64_t end, void* to) noexcept {
    return guarded_use(table, [&] {
      using Elements = typename PartsOf<decltype(&T::compute)>::Elements;
      static_assert(std::tuple_size_v<Elements> == kFrom.n_outputs, "compute() takes a motet::Part of each output");
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        static_assert(((element_dtype<std::tuple_element_t<I, Elements>>() == kFrom.outputs[I].dtype) && ...),
                      "the parts that compute() takes have other elements than the outputs");
        T::compute(Use(table, kFrom),
                   I == output
                       ? Part<std::tuple_element_t<I, Elements>>{begin, end,
                                                                 static_cast<std::tuple_element_t<I, Elements>*>(to)}
                       : Part<std::tuple_element_t<I, Elements>>{}...);
      }(std::make_index_sequence<std::tuple_size_v<Elements>>());
    });
  }

  static int64_t cost(const motet_use* table, uint32_t output) noexcept {
    std::int64_t rounds = 0;
    const motet_status status =
        guarded_use(table, [&] { rounds = T::cost(Use(table, kFrom), static_cast<int>(output)); });
    return status == MOTET_OK ? rounds : 0;
  }
};

template <class T>
class OperationTable {
 public:
  OperationTable() {
    constexpr const OperationDescription& from = T::operation;
    static_assert(from.n_inputs > 0 && from.n_outputs > 0, "an operation has an operand and an output at least");
    static_assert(from.glsl_text != nullptr, "an operation has a GLSL body: .glsl(\"float y_at(uint i) { ... }\")");
    for (std::size_t i = 0; i < from.n_inputs; ++i) inputs_[i] = operand(from.inputs[i]);
    for (std::size_t i = 0; i < from.n_outputs; ++i) outputs_[i] = operand(from.outputs[i]);
    for (std::size_t i = 0; i < from.n_attributes; ++i) {
      const AttributeText& a = from.attributes[i];
      attributes_[i] = {sizeof(motet_attribute_def), a.name,      a.help,    a.kind,
                        a.required ? 1u : 0u,        a.otherwise, a.minimum, a.maximum};
    }
    table_.struct_size = sizeof table_;
    table_.id = from.id;
    table_.summary = from.summary_text;
    table_.inputs = inputs_.data();
    table_.outputs = outputs_.data();
    table_.attributes = attributes_.data();
    table_.n_inputs = static_cast<uint32_t>(from.n_inputs);
    table_.n_outputs = static_cast<uint32_t>(from.n_outputs);
    table_.n_attributes = static_cast<uint32_t>(from.n_attributes);
    table_.glsl = from.glsl_text;
    table_.compute = OperationTrampolines<T>::compute;
    if constexpr (requires { &T::shape; }) table_.infer = OperationTrampolines<T>::infer;
    if constexpr (requires { &T::cost; }) table_.cost = OperationTrampolines<T>::cost;
  }
  static const motet_operation* get() {
    static const OperationTable table;
    return &table.table_;
  }

 private:
  static motet_operand operand(const OperandText& o) {
    return {sizeof(motet_operand), o.name, o.help, o.dtype, o.flags};
  }
  std::array<motet_operand, std::tuple_size_v<decltype(OperationDescription::inputs)>> inputs_{};
  std::array<motet_operand, std::tuple_size_v<decltype(OperationDescription::outputs)>> outputs_{};
  std::array<motet_attribute_def, std::tuple_size_v<decltype(OperationDescription::attributes)>> attributes_{};
  motet_operation table_{};
};

}  // namespace motet::detail
