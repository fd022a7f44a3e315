// The parameters of one stage, checked by the host against their declarations.
#pragma once

#include <motet/abi.h>

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "motet/call.hpp"
#include "motet/tensor.hpp"

namespace motet {

namespace detail {
// A weight that negotiate declares by itself, with dimensions as text: "E, D".
struct PlannedWeight {
  std::string canonical;
  std::string dims;
  bool optional = false;
  std::string blame;  // "with.weight"
};
}  // namespace detail

class Params {
 public:
  Params(const Call& call, const motet_params* params, std::vector<detail::PlannedWeight>* weights)
      : call_(call), params_(params), weights_(weights) {}

  // The call that creates the stage: documents, log, the weights' format.
  const Call& call() const { return call_; }

  // Whether it was given or has a default. Reading one that is absent throws ParameterError at "with.<name>", and one
  // of another kind than was declared Error.
  bool has(std::string_view name) const { return find(name).kind != 0; }
  bool boolean(std::string_view name) const { return value(name, {MOTET_PARAM_BOOL}, "a bool").integer != 0; }
  std::int64_t integer(std::string_view name) const { return value(name, {MOTET_PARAM_INT}, "an int").integer; }
  double number(std::string_view name) const {
    return value(name, {MOTET_PARAM_INT, MOTET_PARAM_FLOAT}, "a number").number;
  }
  std::string string(std::string_view name) const {  // paths too
    return value(name, {MOTET_PARAM_STRING, MOTET_PARAM_PATH}, "a string").string;
  }
  std::vector<std::string> strings(std::string_view name) const {
    const motet_param_value& found = value(name, {MOTET_PARAM_STRINGS}, "strings");
    return {found.strings, found.strings + found.count};
  }
  std::int64_t integer_or(std::string_view name, std::int64_t otherwise) const {
    return has(name) ? integer(name) : otherwise;
  }
  double number_or(std::string_view name, double otherwise) const { return has(name) ? number(name) : otherwise; }
  std::string string_or(std::string_view name, std::string_view otherwise) const {
    return has(name) ? string(name) : std::string(otherwise);
  }

  // The document that a parameter names.
  Document open(std::string_view name) const { return call_.open(string(name), blame(name)); }

  // A weight that negotiate declares by itself. `dims`: "E, D"; a letter that a port's type has too is the same size.
  // weight(): its name in the file is what the parameter says, absent where the parameter is.
  std::string weight(std::string_view param, std::string dims) const {
    if (!has(param)) return {};
    weights_->push_back({string(param), std::move(dims), false, blame(param)});
    return string(param);
  }
  std::string declare(std::string canonical, std::string dims, bool optional = false) const {
    weights_->push_back({canonical, std::move(dims), optional, "weights." + canonical});
    return canonical;
  }

  [[noreturn]] void fail(std::string_view name, const std::string& message) const {
    throw ParameterError(blame(name), message);
  }

 private:
  static std::string blame(std::string_view name) { return "with." + std::string(name); }
  const motet_param_value& find(std::string_view name) const {
    // The host's structs may be longer than those this was built with.
    const char* at = reinterpret_cast<const char*>(params_->values);
    for (std::size_t i = 0; i < params_->count; ++i, at += params_->values->struct_size) {
      const auto* candidate = reinterpret_cast<const motet_param_value*>(at);
      if (name == candidate->name) return *candidate;
    }
    throw Error(MOTET_INTERNAL, blame(name),
                "the stage type reads a parameter that it does not declare, '" + std::string(name) + "'");
  }
  const motet_param_value& value(std::string_view name, std::initializer_list<motet_param_kind> kinds,
                                 const char* as) const {
    const motet_param_value& found = find(name);
    if (found.kind == 0) throw ParameterError(blame(name), "is wanted here");
    for (const motet_param_kind kind : kinds) {
      if (found.kind == kind) return found;
    }
    throw Error(MOTET_INTERNAL, blame(name),
                "the stage type reads '" + std::string(name) + "' as " + as + ", and declares it otherwise");
  }

  Call call_;
  const motet_params* params_;
  std::vector<detail::PlannedWeight>* weights_;
};

}  // namespace motet
