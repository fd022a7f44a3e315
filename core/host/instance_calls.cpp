// What a stage does once it is negotiated: process, build, and the calls of tokenizers and samplers.
#include <algorithm>
#include <array>
#include <cassert>

#include "host/guarded.hpp"

namespace motet::host {
namespace {

// Arrays of this many need no memory of their own.
constexpr std::size_t kFewPorts = 8;

template <class T>
class SmallArray {
 public:
  explicit SmallArray(std::size_t count) : count_(count) {
    if (count > kFewPorts) many_.resize(count);
  }
  T* data() { return count_ > kFewPorts ? many_.data() : few_.data(); }
  T& operator[](std::size_t i) { return data()[i]; }

 private:
  std::size_t count_;
  std::array<T, kFewPorts> few_{};
  std::vector<T> many_;
};

const value::Value* value_of(const motet_value* value) { return static_cast<const value::Value*>(value); }

// What a call made is the host's once it succeeded, also where a check then finds fault with it. `made` by reference:
// it is read after the call that is the first argument.
motet_status taken(motet_status status, motet_value* const& made, value::Ref& out) {
  if (status == MOTET_OK) out = value::Ref::adopt(value_of(made));
  return status;
}

}  // namespace

void Instance::check_output(const value::Value* output, std::size_t port) const {
  const std::string& name = info().outputs[port].name;
  if (output == nullptr) broken(kOutputsSet, "process returned MOTET_OK and did not set the output '" + name + "'");
  const std::uint32_t kind = 1u << static_cast<std::uint32_t>(output->kind());
  if ((output_kinds_[port] & kind) == 0) {
    broken(kOutputKind, "process set the output '" + name + "', which is " + info().outputs[port].type + ", to " +
                            value::describe(*output));
  }
}

void Instance::process(std::span<const value::Value* const> inputs, std::span<value::Ref> outputs,
                       const CallOptions& options) const {
  assert(outputs.size() == info().outputs.size() && inputs.size() == info().inputs.size());
  if (host_stage_ == nullptr) broken(kOrderOfCalls, "process of a type that is no host stage");
  require_negotiated("process");
  SmallArray<const motet_value*> in(inputs.size());
  SmallArray<std::uint32_t> references(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    in[i] = inputs[i];
    references[i] = inputs[i] == nullptr ? 0 : inputs[i]->references();
  }
  SmallArray<motet_value*> out(outputs.size());
  guarded(Phase::process, options, "process", [&](Call& call) {
    const motet_status status =
        host_stage_->process(&call, stage_, in.data(), inputs.size(), out.data(), outputs.size());
    if (status != MOTET_OK) return status;
    for (std::size_t i = 0; i < outputs.size(); ++i) outputs[i] = value::Ref::adopt(value_of(out[i]));
    return status;
  });
  if (checks_.on()) {
    // An input that only the caller held before must have one more holder for each output that it became. Where others
    // hold it too, their coming and going would be mistaken for the plugin's.
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto passed_on = static_cast<std::uint32_t>(std::count(out.data(), out.data() + outputs.size(), in[i]));
      if (inputs[i] != nullptr && references[i] == 1 && passed_on > 0 && inputs[i]->references() < 1 + passed_on) {
        for (value::Ref& output : outputs) {
          if (output.get() == inputs[i]) (void)output.release();  // no reference came with it
        }
        broken(kOutputRetained,
               "process passed the input '" + info().inputs[i].name + "' on as an output without value_retain");
      }
    }
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) check_output(outputs[i].get(), i);
}

void Instance::build(motet_builder* builder, std::span<const motet_tensor> in, std::span<motet_tensor> out,
                     const CallOptions& options) const {
  if (tensor_stage_ == nullptr) broken(kOrderOfCalls, "build of a type that is no tensor stage");
  require_negotiated("build");
  std::fill(out.begin(), out.end(), motet_tensor{0});
  guarded(Phase::build, options, "build", [&](Call& call) {
    return tensor_stage_->build(&call, stage_, builder, in.data(), static_cast<std::uint32_t>(in.size()), out.data(),
                                static_cast<std::uint32_t>(out.size()));
  });
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] == 0)
      broken(kOutputsSet, "build returned MOTET_OK and did not set the output '" +
                              (i < info().outputs.size() ? info().outputs[i].name : std::to_string(i)) + "'");
  }
}

motet_tensor Instance::build_step(motet_builder* builder, const motet_step& step, std::span<const motet_tensor> in,
                                  const CallOptions& options) const {
  if (generator_ == nullptr) broken(kOrderOfCalls, "a step's build of a type that is no generator");
  require_negotiated("build");
  motet_tensor logits = 0;
  guarded(Phase::build, options, "build", [&](Call& call) {
    return generator_->build(&call, stage_, builder, &step, in.data(), static_cast<std::uint32_t>(in.size()), &logits);
  });
  if (logits == 0) broken(kOutputsSet, "build returned MOTET_OK and did not set the logits");
  return logits;
}

Generation Instance::generation(const CallOptions& options) const {
  if (generator_ == nullptr) broken(kOrderOfCalls, "generation of a type that is no generator");
  require_negotiated("generation");
  motet_generation said{};
  said.struct_size = sizeof said;
  said.start = -1;
  guarded(Phase::build, options, "generation",
          [&](Call& call) { return generator_->generation(&call, stage_, &said); });
  const bool lists =
      (said.stop != nullptr || said.n_stop == 0) && (said.stop_strings != nullptr || said.n_stop_strings == 0);
  if (!lists || said.vocabulary <= 0 || said.max_positions <= 0 || said.max_tokens < 0 ||
      said.start >= said.vocabulary) {
    broken(kGenerationWellFormed,
           "generation wants vocabulary and max_positions above 0, a start below vocabulary, and lists where it counts "
           "some; it says vocabulary " +
               std::to_string(said.vocabulary) + ", max_positions " + std::to_string(said.max_positions) +
               ", max_tokens " + std::to_string(said.max_tokens) + ", start " + std::to_string(said.start));
  }
  Generation out;
  out.start = said.start;
  if (said.n_stop > 0) out.stop.assign(said.stop, said.stop + said.n_stop);
  for (std::uint32_t i = 0; i < said.n_stop_strings; ++i) {
    if (said.stop_strings[i] == nullptr) broken(kGenerationWellFormed, "stop string " + std::to_string(i) + " is NULL");
    out.stop_strings.emplace_back(said.stop_strings[i]);
  }
  out.vocabulary = said.vocabulary;
  out.max_positions = said.max_positions;
  out.max_tokens = said.max_tokens;
  return out;
}

value::Ref Instance::encode(std::string_view text, bool add_special, const CallOptions& options) const {
  if (tokenizer_ == nullptr) broken(kOrderOfCalls, "encode of a type that is no tokenizer");
  require_negotiated("encode");
  motet_value* made = nullptr;
  const std::uint32_t flags = add_special ? std::uint32_t{MOTET_ADD_SPECIAL} : 0u;
  value::Ref tokens;
  guarded(Phase::process, options, "encode", [&](Call& call) {
    return taken(tokenizer_->encode(&call, stage_, text.data(), text.size(), flags, &made), made, tokens);
  });
  if (!tokens) broken(kOutputsSet, "encode returned MOTET_OK and no value");
  if (tokens->kind() != value::Kind::tokens)
    broken(kOutputKind, "encode made " + value::describe(*tokens) + " instead of tokens");
  return tokens;
}

value::Ref Instance::decode(std::span<const std::int32_t> ids, bool skip_special, const CallOptions& options) const {
  if (tokenizer_ == nullptr) broken(kOrderOfCalls, "decode of a type that is no tokenizer");
  require_negotiated("decode");
  motet_value* made = nullptr;
  const std::uint32_t flags = skip_special ? std::uint32_t{MOTET_SKIP_SPECIAL} : 0u;
  value::Ref text;
  guarded(Phase::process, options, "decode", [&](Call& call) {
    return taken(tokenizer_->decode(&call, stage_, ids.data(), ids.size(), flags, &made), made, text);
  });
  if (!text) broken(kOutputsSet, "decode returned MOTET_OK and no value");
  if (text->kind() != value::Kind::text)
    broken(kOutputKind, "decode made " + value::describe(*text) + " instead of text");
  return text;
}

// These two have no call in the contract, so nothing but an escaping exception can go wrong.
std::int32_t Instance::token_id(std::string_view token) const {
  if (tokenizer_ == nullptr) broken(kOrderOfCalls, "token_id of a type that is no tokenizer");
  Call call(*this, Phase::process, {});
  std::int32_t id = -1;
  (void)run(call, "token_id", [&](Call&) {
    id = tokenizer_->token_id(stage_, token.data(), token.size());
    return motet_status{MOTET_OK};
  });
  return id;
}

bool Instance::greedy() const {
  if (sampler_ == nullptr) broken(kOrderOfCalls, "greedy of a type that is no sampler");
  Call call(*this, Phase::process, {});
  bool greedy = false;
  (void)run(call, "greedy", [&](Call&) {
    greedy = sampler_->greedy(stage_) != 0;
    return motet_status{MOTET_OK};
  });
  return greedy;
}

std::int32_t Instance::sample(std::span<const float> logits, std::span<const std::int32_t> history, std::uint64_t step,
                              const CallOptions& options) const {
  if (sampler_ == nullptr) broken(kOrderOfCalls, "sample of a type that is no sampler");
  require_negotiated("sample");
  const motet_sampling seen{sizeof seen, logits.data(), logits.size(), history.data(), history.size(), step};
  std::int32_t id = -1;
  guarded(Phase::process, options, "sample", [&](Call& call) { return sampler_->sample(&call, stage_, &seen, &id); });
  if (id < 0 || static_cast<std::size_t>(id) >= logits.size()) {
    broken(kTokenInVocabulary,
           "sample gave the token " + std::to_string(id) + " of a vocabulary of " + std::to_string(logits.size()));
  }
  return id;
}

}  // namespace motet::host
