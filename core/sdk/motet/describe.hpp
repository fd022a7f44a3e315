// What a stage type is, written as one constant expression:
//
//   static constexpr auto type = motet::stage_type("projector.linear", "projector")
//       .summary("Maps features into another space: y = x W^T + b.")
//       .in("x", "f32[..., D]").out("y", "f32[..., E]")
//       .param<std::string>("weight", "name of the weight, (E, D)").required();
//
// required(), otherwise(), range() and choices() speak of the parameter (required(): or slot) before them. Strings must
// be literals.
#pragma once

#include <motet/abi.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace motet {

inline constexpr std::uint32_t kOptional = MOTET_PORT_OPTIONAL;
inline constexpr std::uint32_t kRaggedPad = MOTET_PORT_RAGGED_PAD;
inline constexpr std::uint32_t kRaggedExact = MOTET_PORT_RAGGED_EXACT;
inline constexpr std::uint32_t kFromCaller = MOTET_PORT_FROM_CALLER;
inline constexpr std::uint32_t kStream = MOTET_PORT_STREAM;
inline constexpr std::uint32_t kWholeList = MOTET_PORT_WHOLE_LIST;

// A parameter that names a file or folder; arrives absolute.
struct Path {};

namespace detail {

template <class T>
constexpr motet_param_kind param_kind() {
  if constexpr (std::is_same_v<T, bool>) {
    return MOTET_PARAM_BOOL;
  } else if constexpr (std::is_integral_v<T>) {
    return MOTET_PARAM_INT;
  } else if constexpr (std::is_floating_point_v<T>) {
    return MOTET_PARAM_FLOAT;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return MOTET_PARAM_STRING;
  } else if constexpr (std::is_same_v<T, Path>) {
    return MOTET_PARAM_PATH;
  } else {
    static_assert(std::is_same_v<T, std::vector<std::string>>,
                  "bool, an integer, a float, std::string, motet::Path or std::vector<std::string>");
    return MOTET_PARAM_STRINGS;
  }
}

struct PortText {
  const char* name = nullptr;
  const char* type = nullptr;
  const char* help = nullptr;
  std::uint32_t flags = 0;
};

inline constexpr std::size_t kMostChoices = 24;
struct ParamText {
  const char* name = nullptr;
  const char* help = nullptr;
  motet_param_kind kind = 0;
  bool required = false;
  const char* otherwise = nullptr;
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  std::array<const char*, kMostChoices + 1> choices{};  // ended by nullptr
};

struct SlotText {
  const char* name = nullptr;
  const char* kind = nullptr;
  const char* help = nullptr;
  bool required = false;
};

}  // namespace detail

// One too many of anything does not compile (an index outside an array in a constant expression).
struct StageDescription {
  const char* id = nullptr;
  const char* kind = nullptr;
  const char* summary_text = "";
  const char* example_text = "";
  std::array<detail::PortText, 8> inputs{};
  std::array<detail::PortText, 8> outputs{};
  std::array<detail::ParamText, 24> params{};
  std::array<detail::SlotText, 8> slots{};
  std::size_t n_inputs = 0, n_outputs = 0, n_params = 0, n_slots = 0;
  bool last_is_slot = false;
  std::uint32_t concurrency = MOTET_PARALLEL;
  std::uint32_t determinism = MOTET_PURE;

  constexpr StageDescription summary(const char* text) const {
    StageDescription next = *this;
    next.summary_text = text;
    return next;
  }
  constexpr StageDescription example(const char* yaml) const {
    StageDescription next = *this;
    next.example_text = yaml;
    return next;
  }
  constexpr StageDescription in(const char* name, const char* type, const char* help = "",
                                std::uint32_t flags = 0) const {
    StageDescription next = *this;
    next.inputs[next.n_inputs++] = {name, type, help, flags};
    return next;
  }
  constexpr StageDescription out(const char* name, const char* type, const char* help = "",
                                 std::uint32_t flags = 0) const {
    StageDescription next = *this;
    next.outputs[next.n_outputs++] = {name, type, help, flags};
    return next;
  }
  template <class T>
  constexpr StageDescription param(const char* name, const char* help) const {
    StageDescription next = *this;
    detail::ParamText& added = next.params[next.n_params++];
    added.name = name;
    added.help = help;
    added.kind = detail::param_kind<T>();
    next.last_is_slot = false;
    return next;
  }
  // The default, written as in YAML. A parameter with neither a default nor required() may be absent.
  constexpr StageDescription otherwise(const char* yaml) const {
    StageDescription next = *this;
    next.params[n_params - 1].otherwise = yaml;
    return next;
  }
  constexpr StageDescription range(double minimum, double maximum = std::numeric_limits<double>::infinity()) const {
    StageDescription next = *this;
    next.params[n_params - 1].minimum = minimum;
    next.params[n_params - 1].maximum = maximum;
    return next;
  }
  template <class... Text>
  constexpr StageDescription choices(Text... text) const {
    static_assert(sizeof...(Text) <= detail::kMostChoices);
    StageDescription next = *this;
    next.params[n_params - 1].choices = {text...};
    return next;
  }
  constexpr StageDescription slot(const char* name, const char* filler_kind, const char* help = "") const {
    StageDescription next = *this;
    next.slots[next.n_slots++] = {name, filler_kind, help, false};
    next.last_is_slot = true;
    return next;
  }
  constexpr StageDescription required() const {
    StageDescription next = *this;
    (last_is_slot ? next.slots[n_slots - 1].required : next.params[n_params - 1].required) = true;
    return next;
  }
  // One call at a time for an instance; without it calls may come in parallel.
  constexpr StageDescription serial() const {
    StageDescription next = *this;
    next.concurrency = MOTET_SERIAL;
    return next;
  }
  // Depends on a seed (not the same for each run), or on the outside world; without them the stage is pure.
  constexpr StageDescription seeded() const {
    StageDescription next = *this;
    next.determinism = MOTET_SEEDED;
    return next;
  }
  constexpr StageDescription impure() const {
    StageDescription next = *this;
    next.determinism = MOTET_IMPURE;
    return next;
  }
};

// `kind` is what slots ask for: "encoder", "decoder", "tokenizer", "sampler", "cross_attention", "audio", ...
constexpr StageDescription stage_type(const char* id, const char* kind) {
  StageDescription out;
  out.id = id;
  out.kind = kind;
  return out;
}

}  // namespace motet
