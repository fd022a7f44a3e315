// What the host and the process of an isolated stage say to each other, in bytes.
//
// The host asks (Ask) and the worker answers (Say); while it works on create or negotiate it may ask back what the
// graph alone knows (Hook), which the host answers before the answer proper comes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/instance.hpp"
#include "isolation/wire.hpp"

namespace motet::isolation {

enum class Ask : std::uint32_t { create, fill, negotiate, process, hook_answer, quit };
enum class Say : std::uint32_t { done, failed, hook };
enum class Hook : std::uint32_t {
  weights_path,
  weights_format,
  weights_has,
  weight_source,
  declare_weight,
  fresh_symbol,
  offer,
  offered
};

// Plain numbers as they are.
template <class Enum>
void put_choice(Writer& to, Enum choice) {
  to.put(static_cast<std::uint32_t>(choice));
}

void put_optional(Writer& to, const char* text);  // nullptr: none
std::optional<std::string> get_optional(Reader& from);

void put_shape(Writer& to, const tensor::SymbolicShape& shape);
tensor::SymbolicShape get_shape(Reader& from);  // of at most kMaxRank dimensions
void put_spec(Writer& to, const host::TensorSpec& spec);
host::TensorSpec get_spec(Reader& from);

void put_param(Writer& to, const host::ParamValue& param);
host::ParamValue get_param(Reader& from);

// A failure that is on its way to the other side; thrown again there as what it was here.
void put_error(Writer& to, const base::Error& error);
[[noreturn]] void throw_error(Reader& from, const std::string& stage, const std::string& type);

// A tensor's bytes, which stay where they are.
struct TensorBytes {
  std::uint64_t lent = 0;  // the number under which the host lent it; 0: it is the worker's own
  std::uint64_t file = 0;  // which of the files that the worker was given; its own: 0
  Place place;
};

using PutTensor = std::function<TensorBytes(const value::Value& tensor)>;
using GetTensor = std::function<value::Ref(const TensorBytes& bytes, const tensor::TensorType& type)>;

// A value, nullptr too; of tensors only where they lie.
void put_value(Writer& to, const value::Value* value, const PutTensor& tensor);
// Throws base::Error(plugin) where it is none.
value::Ref get_value(Reader& from, const GetTensor& tensor);

}  // namespace motet::isolation
