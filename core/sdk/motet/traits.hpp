// What a stage class can do, read from its members' signatures.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "motet/builder.hpp"
#include "motet/call.hpp"
#include "motet/describe.hpp"
#include "motet/generation.hpp"
#include "motet/negotiation.hpp"

namespace motet::detail {

// Arguments of a member function after the first.
template <class Member>
struct Signature;
template <class T, class R, class First, class... Rest>
struct Signature<R (T::*)(First, Rest...)> {
  using Result = R;
  using Arguments = std::tuple<std::remove_cvref_t<Rest>...>;
  static constexpr std::size_t count = sizeof...(Rest);
};
template <class T, class R, class First, class... Rest>
struct Signature<R (T::*)(First, Rest...) const> : Signature<R (T::*)(First, Rest...)> {};

template <class T>
concept HasProcess = requires { &T::process; };
template <class T>
concept HasBuild = requires { &T::build; };
template <class T>
concept HasGeneration = requires(const T& t, const Call& call) {
  { t.generation(call) } -> std::same_as<Generation>;
};
template <class T>
concept HasNegotiate = requires(T& t, Negotiation& negotiation) { t.negotiate(negotiation); };
template <class T>
concept IsTokenizer = requires(const T& t, const Call& call, std::string_view text, std::span<const std::int32_t> ids) {
  { t.encode(call, text, true) } -> std::convertible_to<Value>;
  { t.decode(call, ids, true) } -> std::convertible_to<Value>;
  { t.token_id(text) } -> std::convertible_to<std::int32_t>;
};
template <class T>
concept IsSampler = requires(const T& t, const Call& call, const Sampling& sampling) {
  { t.greedy() } -> std::convertible_to<bool>;
  { t.sample(call, sampling) } -> std::convertible_to<std::int32_t>;
};

// build(Builder&, const Step&, ...) is a generator's, build(Builder&, ...) a tensor stage's.
template <class T>
constexpr bool builds_steps() {
  using Arguments = typename Signature<decltype(&T::build)>::Arguments;
  if constexpr (std::tuple_size_v<Arguments> == 0) {
    return false;
  } else {
    return std::is_same_v<std::tuple_element_t<0, Arguments>, Step>;
  }
}
template <class T>
constexpr bool is_generator() {
  if constexpr (HasBuild<T>) {
    static_assert(!builds_steps<T>() || HasGeneration<T>,
                  "a generator also has `motet::Generation generation(const motet::Call&) const`");
    return builds_steps<T>();
  } else {
    return false;
  }
}
template <class T>
constexpr bool is_tensor_stage() {
  if constexpr (HasBuild<T>) {
    return !builds_steps<T>();
  } else {
    return false;
  }
}

// An input of process() as its argument's type wants it; std::optional where the port may be unconnected.
template <class Argument>
struct Input {
  static Argument make(const Call& call, const motet_value* value) {
    if (value == nullptr) throw Error(MOTET_INTERNAL, {}, "an input that is not optional came without a value");
    if constexpr (std::is_same_v<Argument, Value>) {
      return Value::share(call, value);
    } else {
      return Argument(call, Value::share(call, value));
    }
  }
};
template <class Argument>
struct Input<std::optional<Argument>> {
  static std::optional<Argument> make(const Call& call, const motet_value* value) {
    if (value == nullptr) return std::nullopt;
    return Input<Argument>::make(call, value);
  }
};

inline void wrong_count(const char* what, std::size_t wanted, std::size_t got) {
  throw Error(
      MOTET_INTERNAL, {},
      std::string("the stage's ") + what + " are " + std::to_string(wanted) + ", the host gave " + std::to_string(got));
}

// What process() returned to the host's array: a value, a tuple or pair of values, or a vector.
template <class Result>
void give(Result&& result, motet_value** outputs, std::size_t n_outputs) {
  using Plain = std::remove_cvref_t<Result>;
  if constexpr (std::is_convertible_v<Plain*, Value*>) {
    if (n_outputs != 1) wrong_count("outputs", 1, n_outputs);
    outputs[0] = result.release();
  } else if constexpr (requires { result.begin(); }) {
    if (n_outputs != result.size()) wrong_count("outputs", result.size(), n_outputs);
    for (std::size_t i = 0; i < n_outputs; ++i) outputs[i] = result[i].release();
  } else {
    if (n_outputs != std::tuple_size_v<Plain>) wrong_count("outputs", std::tuple_size_v<Plain>, n_outputs);
    std::apply([&, i = std::size_t{0}](auto&... each) mutable { ((outputs[i++] = each.release()), ...); }, result);
  }
}

// What build() returned: a tensor, an array or a vector of them.
template <class Result>
void give_tensors(const Result& result, motet_tensor* out, std::size_t n_out) {
  if constexpr (std::is_same_v<Result, Tensor>) {
    if (n_out != 1) wrong_count("outputs", 1, n_out);
    out[0] = result.id;
  } else {
    if (n_out != result.size()) wrong_count("outputs", result.size(), n_out);
    for (std::size_t i = 0; i < n_out; ++i) out[i] = result[i].id;
  }
}

// The tensors that build() takes after its builder (and step): one an input port, or all as a span or vector.
template <class... Fixed, class T, class... Arguments, std::size_t... Index>
auto call_build(const T& stage, std::span<const Tensor> in, std::tuple<Arguments...>*, std::index_sequence<Index...>,
                Fixed&... fixed) {
  constexpr std::size_t skipped = sizeof...(Fixed) - 1;  // Step is among Arguments
  constexpr std::size_t count = sizeof...(Arguments) - skipped;
  if constexpr (count == 1 &&
                !std::is_same_v<std::tuple_element_t<sizeof...(Arguments) - 1, std::tuple<Arguments...>>, Tensor>) {
    return stage.build(fixed..., {in.begin(), in.end()});
  } else {
    if (in.size() != count) wrong_count("inputs", count, in.size());
    return stage.build(fixed..., in[Index]...);
  }
}

}  // namespace motet::detail
