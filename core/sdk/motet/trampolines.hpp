// The functions behind the contract's tables: each calls a stage class and turns what it throws into a status.
#pragma once

#include <motet/abi.h>

#include <cstring>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <system_error>
#include <type_traits>
#include <vector>

#include "motet/traits.hpp"

namespace motet::detail {

// `motet_stage` of the contract: the author's object and what the SDK keeps for it.
template <class T>
struct Stage {
  const motet_host* host;
  std::vector<PlannedWeight> weights;
  T object;
  // What generation() said, for as long as the stage lives: its pointers cross the border.
  std::mutex mutex;
  std::optional<Generation> generation;
  std::vector<const char*> stop_strings;

  explicit Stage(const motet_host* h, const Call& call, const motet_params* params)
      : host(h), object(make(Params(call, params, &weights))) {}
  static T make(const Params& params) {
    if constexpr (std::is_constructible_v<T, const Params&>) {
      return T(params);
    } else {
      static_assert(std::is_default_constructible_v<T>,
                    "the class wants a constructor from const motet::Params&, or none");
      return T();
    }
  }
};

template <class T>
Stage<T>& stage_of(motet_stage* stage) {
  return *reinterpret_cast<Stage<T>*>(stage);
}
template <class T>
Stage<T>& stage_of(const motet_stage* stage) {
  return *reinterpret_cast<Stage<T>*>(const_cast<motet_stage*>(stage));  // made by create, never const itself
}

// Runs the body; whatever it throws becomes a status and a message.
template <class Body>
motet_status guarded(const motet_host* host, motet_call* call, Body&& body) noexcept {
  const auto fail = [&](motet_status status, const char* path, const char* message) {
    host->fail(call, status, path, message);
    return status;
  };
  try {
    body(Call(Context{host, call}));
    return MOTET_OK;
  } catch (const AlreadyReported& reported) {
    return reported.status;
  } catch (const Error& error) {
    return fail(error.status(), error.path().empty() ? nullptr : error.path().c_str(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(MOTET_OUT_OF_MEMORY, nullptr, "out of memory");
  } catch (const std::system_error& error) {  // of std::filesystem and streams, too
    const bool memory = error.code() == std::errc::not_enough_memory;
    return fail(memory ? MOTET_OUT_OF_MEMORY : MOTET_IO, nullptr, error.what());
  } catch (const std::exception& error) {
    return fail(MOTET_INTERNAL, nullptr, error.what());
  } catch (...) {
    return fail(MOTET_INTERNAL, nullptr, "the plugin threw something that is no std::exception");
  }
}

template <class T>
struct Trampolines {
  static motet_status create(motet_call* call, const motet_host* host, const motet_params* params,
                             motet_stage** out) noexcept {
    return guarded(host, call,
                   [&](const Call& c) { *out = reinterpret_cast<motet_stage*>(new Stage<T>(host, c, params)); });
  }
  static void destroy(motet_stage* stage) noexcept { delete reinterpret_cast<Stage<T>*>(stage); }

  static motet_status negotiate(motet_call* call, motet_stage* stage, motet_negotiation* table) noexcept {
    Stage<T>& self = stage_of<T>(stage);
    return guarded(self.host, call, [&](const Call& c) {
      Negotiation negotiation(c, T::type, table);
      negotiation.prepare(self.weights);
      if constexpr (HasNegotiate<T>) self.object.negotiate(negotiation);
      const std::lock_guard lock(self.mutex);
      self.generation.reset();
    });
  }

  static motet_status process(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                              motet_value** outputs, size_t n_outputs) noexcept {
    Stage<T>& self = stage_of<T>(stage);
    return guarded(self.host, call, [&](const Call& c) {
      using Signature = detail::Signature<decltype(&T::process)>;
      using Arguments = typename Signature::Arguments;
      if (n_inputs != Signature::count) wrong_count("inputs", Signature::count, n_inputs);
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        give(self.object.process(c, Input<std::tuple_element_t<I, Arguments>>::make(c, inputs[I])...), outputs,
             n_outputs);
      }(std::make_index_sequence<Signature::count>());
    });
  }

  static std::vector<Tensor> tensors(const motet_tensor* in, uint32_t n_in) {
    std::vector<Tensor> out;
    for (uint32_t i = 0; i < n_in; ++i) out.push_back({in[i]});
    return out;
  }
  static motet_status build(motet_call* call, const motet_stage* stage, motet_builder* table, const motet_tensor* in,
                            uint32_t n_in, motet_tensor* out, uint32_t n_out) noexcept {
    const Stage<T>& self = stage_of<T>(stage);
    return guarded(self.host, call, [&](const Call&) {
      using Arguments = typename Signature<decltype(&T::build)>::Arguments;
      Builder builder(table);
      const std::vector<Tensor> given = tensors(in, n_in);
      give_tensors(call_build(self.object, given, static_cast<Arguments*>(nullptr),
                              std::make_index_sequence<std::tuple_size_v<Arguments>>(), builder),
                   out, n_out);
    });
  }
  static motet_status build_step(motet_call* call, const motet_stage* stage, motet_builder* table,
                                 const motet_step* step, const motet_tensor* in, uint32_t n_in,
                                 motet_tensor* logits) noexcept {
    const Stage<T>& self = stage_of<T>(stage);
    return guarded(self.host, call, [&](const Call&) {
      using Arguments = typename Signature<decltype(&T::build)>::Arguments;
      Builder builder(table);
      const std::vector<Tensor> given = tensors(in, n_in);
      const Step flat{{step->tokens}, {step->positions}, {step->row}, {step->feature}, {step->want}};
      const Tensor made = call_build(self.object, given, static_cast<Arguments*>(nullptr),
                                     std::make_index_sequence<std::tuple_size_v<Arguments> - 1>(), builder, flat);
      *logits = made.id;
    });
  }
  static motet_status generation(motet_call* call, const motet_stage* stage, motet_generation* out) noexcept {
    Stage<T>& self = stage_of<T>(stage);
    return guarded(self.host, call, [&](const Call& c) {
      const std::lock_guard lock(self.mutex);
      if (!self.generation) {
        self.generation = self.object.generation(c);
        self.stop_strings.clear();
        for (const std::string& text : self.generation->stop_strings) self.stop_strings.push_back(text.c_str());
      }
      const Generation& said = *self.generation;
      out->start = said.start;
      out->n_stop = static_cast<uint32_t>(said.stop.size());
      out->stop = said.stop.data();
      out->n_stop_strings = static_cast<uint32_t>(self.stop_strings.size());
      out->stop_strings = self.stop_strings.data();
      out->vocabulary = said.vocabulary;
      out->max_positions = said.max_positions;
      out->max_tokens = said.max_tokens;
    });
  }

  static motet_status encode(motet_call* call, const motet_stage* stage, const char* text, size_t size_bytes,
                             uint32_t flags, motet_value** tokens) noexcept {
    const Stage<T>& self = stage_of<T>(stage);
    return guarded(self.host, call, [&](const Call& c) {
      *tokens =
          Value(self.object.encode(c, std::string_view(text, size_bytes), (flags & MOTET_ADD_SPECIAL) != 0)).release();
    });
  }
  static motet_status decode(motet_call* call, const motet_stage* stage, const int32_t* ids, size_t count,
                             uint32_t flags, motet_value** text) noexcept {
    const Stage<T>& self = stage_of<T>(stage);
    return guarded(self.host, call, [&](const Call& c) {
      *text = Value(self.object.decode(c, std::span<const std::int32_t>(ids, count), (flags & MOTET_SKIP_SPECIAL) != 0))
                  .release();
    });
  }
  static int32_t token_id(const motet_stage* stage, const char* token, size_t size_bytes) noexcept {
    return stage_of<T>(stage).object.token_id(std::string_view(token, size_bytes));
  }

  static int greedy(const motet_stage* stage) noexcept { return stage_of<T>(stage).object.greedy() ? 1 : 0; }
  static motet_status sample(motet_call* call, const motet_stage* stage, const motet_sampling* sampling,
                             int32_t* id) noexcept {
    const Stage<T>& self = stage_of<T>(stage);
    return guarded(self.host, call, [&](const Call& c) {
      *id = self.object.sample(
          c,
          Sampling{{sampling->logits, sampling->vocabulary}, {sampling->history, sampling->n_history}, sampling->step});
    });
  }

  static const void* extension(const char* id) noexcept {
    if constexpr (HasProcess<T>) {
      static constexpr motet_host_stage table{sizeof(motet_host_stage), process};
      if (std::strcmp(id, "motet.host_stage/1") == 0) return &table;
    }
    if constexpr (is_tensor_stage<T>()) {
      static constexpr motet_tensor_stage table{sizeof(motet_tensor_stage), build};
      if (std::strcmp(id, "motet.tensor_stage/1") == 0) return &table;
    }
    if constexpr (is_generator<T>()) {
      static constexpr motet_generator table{sizeof(motet_generator), generation, build_step};
      if (std::strcmp(id, "motet.generator/1") == 0) return &table;
    }
    if constexpr (IsTokenizer<T>) {
      static constexpr motet_tokenizer table{sizeof(motet_tokenizer), encode, decode, token_id};
      if (std::strcmp(id, "motet.tokenizer/1") == 0) return &table;
    }
    if constexpr (IsSampler<T>) {
      static constexpr motet_sampler table{sizeof(motet_sampler), greedy, sample};
      if (std::strcmp(id, "motet.sampler/1") == 0) return &table;
    }
    return nullptr;
  }
};

}  // namespace motet::detail
