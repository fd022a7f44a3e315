// negotiate(): from the inputs' shapes to the outputs', and the weights that build will want. Pure, repeatable.
//
// Before a stage's own negotiate runs, letters of the ports' types are bound, the weights that Params planned are
// declared, and outputs whose letters are all bound are filled; so a stage whose types say everything needs none.
#pragma once

#include <motet/abi.h>

#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "motet/call.hpp"
#include "motet/describe.hpp"
#include "motet/letters.hpp"
#include "motet/params.hpp"
#include "motet/tensor.hpp"

namespace motet {

struct WeightOptions {
  bool optional = false;
  const char* init = nullptr;  // "zeros", "ones", "normal", "xavier"
  bool i32 = false;            // i32 is taken too, as it is: look at the dtype of what is returned
};

class Negotiation : public Call {
 public:
  Negotiation(const Context& context, const StageDescription& type, motet_negotiation* table)
      : Call(context), type_(type), table_(table) {}

  std::size_t n_inputs() const { return table_->n_inputs; }
  // False where nothing is connected, or what is connected is no tensor.
  Spec input(std::size_t index) const { return Spec::from(*at(table_->inputs, index)); }
  Spec input(std::string_view port) const { return input(index_of(type_.inputs, type_.n_inputs, port)); }
  Spec output(std::size_t index) const { return Spec::from(*at(table_->outputs, index)); }
  Spec output(std::string_view port) const { return output(index_of(type_.outputs, type_.n_outputs, port)); }
  void set_output(std::size_t index, const Spec& spec) {
    spec.write(*const_cast<motet_tensor_spec*>(at(table_->outputs, index)));
  }
  void set_output(std::string_view port, motet_dtype dtype, std::vector<Dim> dims) {
    set_output(index_of(type_.outputs, type_.n_outputs, port), Spec{dtype, std::move(dims)});
  }

  // A size that is computed and not known yet.
  Dim fresh() const { return Dim::of_symbol(host->fresh_symbol(call)); }

  // Declares a weight; returns it with its true dtype and shape.
  Weight weight(const std::string& canonical, const std::vector<Dim>& dims, WeightOptions options = {}) const {
    if (dims.size() > MOTET_MAX_RANK) throw Error(MOTET_INTERNAL, "weights." + canonical, "has too many dimensions");
    motet_weight_request request{};
    request.struct_size = sizeof request;
    request.canonical = canonical.c_str();
    request.rank = static_cast<std::uint32_t>(dims.size());
    request.flags = (options.optional ? std::uint32_t{MOTET_WEIGHT_OPTIONAL} : 0u) |
                    (options.i32 ? std::uint32_t{MOTET_WEIGHT_I32} : 0u);
    for (std::size_t i = 0; i < dims.size(); ++i) request.dims[i] = motet_dim{dims[i].size, dims[i].symbol, 0};
    request.init = options.init;
    motet_tensor_spec bound{};
    bound.struct_size = sizeof bound;
    check(host->declare_weight(call, &request, &bound), ("weights." + canonical).c_str());
    return Weight{canonical, Spec::from(bound)};
  }

  // Facts of the model that a slot's filler would otherwise have to be told by the pipeline's author.
  void offer(const char* slot, const char* key, const std::string& text) const {
    check(host->offer(call, slot, key, text.c_str()), "slots");
  }
  std::optional<std::string> offered(const char* key) const { return or_nothing(host->offered(call, key)); }

  // The size that a letter of the ports' types or of a planned weight stands for; nothing where it is not known.
  std::optional<Dim> letter(const std::string& name) const { return letters_.find(name); }

  // Called by the trampoline.
  void prepare(std::span<const detail::PlannedWeight> weights) {
    for (std::size_t i = 0; i < table_->n_inputs && i < type_.n_inputs; ++i)
      letters_.bind(type_.inputs[i].type, input(i));
    for (const detail::PlannedWeight& planned : weights) declare(planned);
    for (std::size_t i = 0; i < table_->n_outputs && i < type_.n_outputs; ++i) fill_output(i);
  }

 private:
  // The host's structs may be longer than those this was built with.
  static const motet_tensor_spec* at(const motet_tensor_spec* specs, std::size_t index) {
    return reinterpret_cast<const motet_tensor_spec*>(reinterpret_cast<const char*>(specs) +
                                                      index * specs->struct_size);
  }
  static std::size_t index_of(std::span<const detail::PortText> ports, std::size_t count, std::string_view name) {
    for (std::size_t i = 0; i < count; ++i) {
      if (name == ports[i].name) return i;
    }
    throw Error(MOTET_INTERNAL, "in." + std::string(name), "the stage type has no such port");
  }
  void declare(const detail::PlannedWeight& planned) {
    const std::vector<std::string> parts = detail::split_dims(planned.dims);
    std::vector<Dim> dims;
    for (const std::string& part : parts) {
      if (!letters_.find(part)) letters_.bind_letter(part, fresh());
      dims.push_back(*letters_.find(part));
    }
    const Weight bound = weight(planned.canonical, dims, {planned.optional});
    for (std::size_t i = 0; i < parts.size() && i < bound.spec.dims.size(); ++i)
      letters_.bind_letter(parts[i], bound.spec.dims[i]);
  }
  void fill_output(std::size_t index) {
    const auto parts = detail::port_dims(type_.outputs[index].type);
    Spec spec = output(index);
    if (!parts || !spec) return;
    std::vector<Dim> dims;
    for (const std::string& part : *parts) {
      if (part == "...") {
        if (!letters_.leading()) return;
        dims.insert(dims.end(), letters_.leading()->begin(), letters_.leading()->end());
      } else if (const auto bound = letters_.find(part)) {
        dims.push_back(*bound);
      } else if (dims.size() < spec.dims.size() && parts->size() == spec.dims.size()) {
        dims.push_back(spec.dims[dims.size()]);  // the host's own symbol for this letter
      } else {
        return;
      }
    }
    set_output(index, Spec{spec.dtype, std::move(dims)});
  }

  const StageDescription& type_;
  motet_negotiation* table_;
  detail::Letters letters_;
};

}  // namespace motet
