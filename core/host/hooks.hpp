// What the host's functions for create and negotiate need to know of the graph. core/graph implements it.
//
// A hook fails by throwing base::Error; the plugin sees a status and the message as last_error().
#pragma once

#include <motet/abi.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "tensor/dtype.hpp"
#include "tensor/shape.hpp"

namespace motet::host {

// dtype and shape of a port; dtype none: no tensor, or nothing connected.
struct TensorSpec {
  tensor::DType dtype = tensor::DType::none;
  tensor::SymbolicShape shape;
  friend bool operator==(const TensorSpec&, const TensorSpec&) = default;
};
TensorSpec from_abi(const motet_tensor_spec& spec);
motet_tensor_spec to_abi(const TensorSpec& spec);

struct WeightSource {
  std::string canonical;
  std::string name;
  std::uint32_t part = 0;
  std::uint32_t parts = 0;
};

struct WeightRequest {
  std::string canonical;
  bool optional = false;
  bool i32 = false;  // taken too, beside floating and quantised ones
  tensor::SymbolicShape shape;
  std::string init;  // empty: "normal"
};

class NegotiationHooks {
 public:
  // nullptr where the stage names no weights. Live until the next call of the hook.
  virtual const char* weights_path() = 0;
  virtual const char* weights_format() = 0;
  virtual bool weights_has(std::string_view name) = 0;
  virtual void weight_source(const WeightSource& source) = 0;
  // The true dtype and shape; dtype none: optional and absent. Reports one that is missing, ill-shaped or of
  // elements that are not taken as a diagnostic itself, and answers the request's shape, so that negotiation goes on
  // and finds the next mistake.
  virtual TensorSpec declare_weight(const WeightRequest& request) = 0;
  virtual std::uint32_t fresh_symbol() = 0;
  virtual void offer(std::string_view slot, std::string_view key, std::string_view text) = 0;
  virtual const char* offered(std::string_view key) = 0;  // nullptr: nothing under this key

 protected:
  ~NegotiationHooks() = default;
};

}  // namespace motet::host
