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
#pragma once

#include <motet/abi.h>

#include <array>
#include <cstring>
#include <tuple>

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

template <class... Types>
const void* factory(const char* id) noexcept {
  static_assert(sizeof...(Types) > 0, "MOTET_PLUGIN wants at least one stage type");
  static const motet_stage_type* const types[] = {TypeTable<Types>::get()...};
  static constexpr uint32_t count = sizeof...(Types);
  static const motet_stage_types table{sizeof(motet_stage_types), count, 0, types};
  return std::strcmp(id, "motet.stage_types/1") == 0 ? &table : nullptr;
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
