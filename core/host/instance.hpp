// One stage made by a plugin, as typed C++ calls. Each makes a Call, checks the status and what came out, and throws
// StageError (failure.hpp) where the plugin reported a failure or broke its contract.
//
// Thread: as the type declares (serial or parallel); create, negotiate and the destructor one at a time.
#pragma once

#include <motet/abi.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/variant.hpp"
#include "host/call.hpp"
#include "host/checks.hpp"
#include "host/failure.hpp"
#include "host/hooks.hpp"
#include "plugin/registry.hpp"
#include "value/value.hpp"

namespace motet::host {

// A checked parameter; monostate: absent, without default.
struct ParamValue {
  std::string name;
  motet_param_kind kind = MOTET_PARAM_STRING;
  base::Variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>> value;
};

// What a generator says of its loop; motet_generation in C++ types.
struct Generation {
  std::int32_t start = -1;  // -1: a prompt must be connected
  std::vector<std::int32_t> stop;
  std::vector<std::string> stop_strings;
  std::int64_t vocabulary = 0;
  std::int64_t max_positions = 0;
  std::int64_t max_tokens = 0;  // 0: up to max_positions
};

struct InstanceSettings {
  std::string stage;             // its name in the pipeline, "words/cross_attention" for a filler; for messages
  std::filesystem::path folder;  // what a relative path of a user's family starts from
  Checking checking = Checking::off;
  const motet_host* table = nullptr;  // what the plugin gets instead of host_table(); outlives the instance
  CallObserver* observer = nullptr;   // outlives the instance
};

class Instance {
 public:
  // `params`: one for each declared parameter, in that order.
  static std::unique_ptr<Instance> create(const plugin::LoadedType& type, InstanceSettings settings,
                                          std::span<const ParamValue> params, const CallOptions& options);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const plugin::StageTypeInfo& info() const { return *type_.info; }
  const std::string& stage() const { return settings_.stage; }
  const InstanceSettings& settings() const { return settings_; }
  const plugin::Library& library() const { return *type_.library; }
  const std::shared_ptr<const plugin::Library>& shared_library() const { return type_.library; }

  // Fills a slot; `filler` is borrowed and must outlive this. [before negotiate]
  void fill(std::string slot, const Instance& filler);
  const Instance* filler(std::string_view slot) const;  // nullptr: empty

  // `outputs` come filled from the ports' types and leave as the plugin wants them. Pure: may be called again.
  void negotiate(std::span<const TensorSpec> inputs, std::span<TensorSpec> outputs, const CallOptions& options);

  // One item of a host stage. An input is nullptr where an optional port is not connected. Sets every output.
  void process(std::span<const value::Value* const> inputs, std::span<value::Ref> outputs,
               const CallOptions& options) const;

  // Tensor stage: writes operations. `in`: 0 where not connected. Sets every `out`.
  void build(motet_builder* builder, std::span<const motet_tensor> in, std::span<motet_tensor> out,
             const CallOptions& options) const;
  // Generator: writes one step; returns the logits.
  motet_tensor build_step(motet_builder* builder, const motet_step& step, std::span<const motet_tensor> in,
                          const CallOptions& options) const;
  Generation generation(const CallOptions& options) const;

  // Tokenizer. encode gives tokens, decode text.
  value::Ref encode(std::string_view text, bool add_special, const CallOptions& options) const;
  value::Ref decode(std::span<const std::int32_t> ids, bool skip_special, const CallOptions& options) const;
  std::int32_t token_id(std::string_view token) const;  // -1: none

  // Sampler.
  bool greedy() const;
  // logits f32[vocabulary]; history: prompt and output so far; step: tokens generated so far.
  std::int32_t sample(std::span<const float> logits, std::span<const std::int32_t> history, std::uint64_t step,
                      const CallOptions& options) const;

  bool negotiated() const { return negotiated_; }
  // For a plugin that calls the filler of its slot: a table whose create, negotiate and destroy are refused, since the
  // host alone makes and ends stages.
  motet_filler as_filler() const;
  CheckLog& checks() const { return checks_; }

 private:
  Instance(const plugin::LoadedType& type, InstanceSettings settings);
  void make(std::span<const ParamValue> params, const CallOptions& options);
  template <class Body>
  void guarded(Phase phase, const CallOptions& options, const char* function, Body&& body) const;
  template <class Body>
  motet_status run(Call& call, const char* function, Body&& body) const;
  void judge(const Call& call, const char* function, motet_status status) const;
  void require_negotiated(const char* function) const;
  void check_output(const value::Value* output, std::size_t port) const;
  [[noreturn]] void broken(int obligation, std::string message) const;

  plugin::LoadedType type_;
  InstanceSettings settings_;
  motet_stage* stage_ = nullptr;
  bool negotiated_ = false;
  const motet_host_stage* host_stage_ = nullptr;
  const motet_tensor_stage* tensor_stage_ = nullptr;
  const motet_generator* generator_ = nullptr;
  const motet_tokenizer* tokenizer_ = nullptr;
  const motet_sampler* sampler_ = nullptr;
  motet_stage_type filler_type_{};
  std::vector<std::uint32_t> output_kinds_;  // for each output port a bit for each value kind that its type allows
  std::map<std::string, const Instance*, std::less<>> fillers_;
  std::vector<TensorSpec> last_inputs_;  // of the last negotiation, to notice one that is not pure
  std::vector<TensorSpec> last_outputs_;
  mutable CheckLog checks_;
};

}  // namespace motet::host
