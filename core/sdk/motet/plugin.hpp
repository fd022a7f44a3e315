// From a stage class to the tables of the contract, and MOTET_PLUGIN, which exports them.
//
//   MOTET_PLUGIN("example", "1.0.0", Linear, Other)
//
// A class says what it is by its members:
//   static constexpr auto type = motet::stage_type(...)...;                       always (describe.hpp)
//   T(const motet::Params&), or T()                                              always
//   void negotiate(motet::Negotiation&)                                          if the ports' types do not say all
//   Text process(const motet::Call&, const Text&, const std::optional<Audio>&)   host stage; several outputs as a
//   std::tuple Tensor build(motet::Builder&, Tensor, Tensor) const                          tensor stage; several
//   outputs as std::vector<Tensor> Tensor build(motet::Builder&, const Step&, Tensor) const, and Generation
//   generation(const Call&) const                                     generator; returns the logits f32[W, V] Tokens
//   encode(const Call&, std::string_view, bool add_special) const, Text decode(const Call&, std::span<const
//   std::int32_t>, bool skip_special) const, std::int32_t token_id(std::string_view) const    tokenizer bool greedy()
//   const, std::int32_t sample(const Call&, const Sampling&) const                              sampler
// A class with a member `operation` in the place of `type` is an operation (operation.hpp).
#pragma once

#include <motet/abi.h>

#include <array>
#include <cstring>
#include <tuple>

#include "motet/operation_table.hpp"
#include "motet/trampolines.hpp"

namespace motet::detail {

// The contract's table of one type, made from its description when it is first asked for.
template <class T>
class TypeTable {
 public:
  TypeTable() {
    constexpr const StageDescription& from = T::type;
    static_assert(HasProcess<T> || HasBuild<T> || IsTokenizer<T> || IsSampler<T>,
                  "the class has none of process, build, encode/decode/token_id, greedy/sample");
    for (std::size_t i = 0; i < from.n_inputs; ++i) inputs_[i] = port(from.inputs[i]);
    for (std::size_t i = 0; i < from.n_outputs; ++i) outputs_[i] = port(from.outputs[i]);
    for (std::size_t i = 0; i < from.n_params; ++i) {
      const ParamText& p = from.params[i];
      params_[i] = {sizeof(motet_param),
                    p.name,
                    p.help,
                    p.kind,
                    p.required ? 1u : 0u,
                    p.otherwise,
                    p.minimum,
                    p.maximum,
                    p.choices[0] == nullptr ? nullptr : p.choices.data()};
    }
    for (std::size_t i = 0; i < from.n_slots; ++i) {
      const SlotText& s = from.slots[i];
      slots_[i] = {sizeof(motet_slot_def), s.name, s.kind, s.help, s.required ? 1u : 0u, 0};
    }
    table_ = {sizeof(motet_stage_type),
              from.id,
              from.kind,
              from.summary_text,
              from.example_text,
              inputs_.data(),
              outputs_.data(),
              params_.data(),
              slots_.data(),
              static_cast<uint32_t>(from.n_inputs),
              static_cast<uint32_t>(from.n_outputs),
              static_cast<uint32_t>(from.n_params),
              static_cast<uint32_t>(from.n_slots),
              from.concurrency,
              from.determinism,
              Trampolines<T>::create,
              Trampolines<T>::destroy,
              Trampolines<T>::negotiate,
              Trampolines<T>::extension};
  }
  static const motet_stage_type* get() {
    static const TypeTable table;
    return &table.table_;
  }

 private:
  static motet_port port(const PortText& p) { return {sizeof(motet_port), p.name, p.type, p.help, p.flags, 0}; }
  std::array<motet_port, std::tuple_size_v<decltype(StageDescription::inputs)>> inputs_{};
  std::array<motet_port, std::tuple_size_v<decltype(StageDescription::outputs)>> outputs_{};
  std::array<motet_param, std::tuple_size_v<decltype(StageDescription::params)>> params_{};
  std::array<motet_slot_def, std::tuple_size_v<decltype(StageDescription::slots)>> slots_{};
  motet_stage_type table_{};
};

template <class T>
constexpr std::size_t n_stages() {
  return IsOperation<T> ? 0 : 1;
}
template <class T, std::size_t N>
void add_stage(std::array<const motet_stage_type*, N>& to, std::size_t& count) {
  if constexpr (!IsOperation<T>) to[count++] = TypeTable<T>::get();
}
template <class T, std::size_t N>
void add_operation(std::array<const motet_operation*, N>& to, std::size_t& count) {
  if constexpr (IsOperation<T>) to[count++] = OperationTable<T>::get();
}

// The tables of stage types and operations, in the order of MOTET_PLUGIN's list.
template <class... Types>
const void* factory(const char* id) noexcept {
  static constexpr std::size_t stages = (std::size_t{0} + ... + n_stages<Types>());
  static constexpr std::size_t operations = sizeof...(Types) - stages;
  static_assert(stages > 0, "MOTET_PLUGIN wants at least one stage type");
  if (std::strcmp(id, "motet.stage_types/1") == 0) {
    static const auto list = [] {
      std::array<const motet_stage_type*, stages> out{};
      std::size_t count = 0;
      (add_stage<Types>(out, count), ...);
      return out;
    }();
    static const motet_stage_types table{sizeof(motet_stage_types), stages, 0, list.data()};
    return &table;
  }
  if constexpr (operations > 0) {
    if (std::strcmp(id, "motet.operations/1") == 0) {
      static const auto list = [] {
        std::array<const motet_operation*, operations> out{};
        std::size_t count = 0;
        (add_operation<Types>(out, count), ...);
        return out;
      }();
      static const motet_operations table{sizeof(motet_operations), operations, 0, list.data()};
      return &table;
    }
  }
  return nullptr;
}

}  // namespace motet::detail

// Once in a plugin, outside every namespace.
#define MOTET_PLUGIN(plugin_id, plugin_version, ...)                   \
  MOTET_EXPORT const motet_plugin_entry motet_plugin;                  \
  const motet_plugin_entry motet_plugin = {sizeof(motet_plugin_entry), \
                                           MOTET_ABI_MAJOR,            \
                                           MOTET_ABI_MINOR,            \
                                           plugin_id,                  \
                                           plugin_version,             \
                                           &::motet::detail::factory<__VA_ARGS__>};
