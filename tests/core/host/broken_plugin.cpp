// One stage type for each obligation, each breaking just that one, and `right`, which breaks none. Against the bare
// contract, since the SDK would not let most of it happen.
#include <motet/abi.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace {

const motet_host* g_host = nullptr;
motet_call* g_kept_call = nullptr;
int g_negotiations = 0;

const motet_port kIn[] = {{sizeof(motet_port), "x", "text", "", 0, 0}};
const motet_port kOut[] = {{sizeof(motet_port), "y", "text", "", 0, 0}};
const motet_port kTensorOut[] = {{sizeof(motet_port), "y", "f32[B, D]", "", 0, 0}};
const motet_slot_def kSlots[] = {{sizeof(motet_slot_def), "text", "tokenizer", "", 0, 0}};

using Create = motet_status (*)(motet_call*, const motet_host*, const motet_params*, motet_stage**);
using Negotiate = motet_status (*)(motet_call*, motet_stage*, motet_negotiation*);
using Process = motet_status (*)(motet_call*, motet_stage*, const motet_value* const*, size_t, motet_value**, size_t);
using Build = motet_status (*)(motet_call*, const motet_stage*, motet_builder*, const motet_tensor*, uint32_t,
                               motet_tensor*, uint32_t);

motet_status create(motet_call*, const motet_host* host, const motet_params*, motet_stage** out) {
  static int something;
  g_host = host;
  *out = reinterpret_cast<motet_stage*>(&something);
  return MOTET_OK;
}
void destroy(motet_stage*) {}
motet_status pass(motet_call*, motet_stage*, const motet_value* const* in, size_t, motet_value** out, size_t) {
  out[0] = g_host->value_retain(in[0]);
  return MOTET_OK;
}

motet_status create_throws(motet_call*, const motet_host*, const motet_params*, motet_stage**) {
  throw std::runtime_error("thrown by create");
}
motet_status create_nothing(motet_call*, const motet_host*, const motet_params*, motet_stage**) { return MOTET_OK; }
motet_status create_reports(motet_call* call, const motet_host* host, const motet_params*, motet_stage**) {
  host->fail(call, MOTET_INVALID_PARAMETER, "with.file", "the file is \xff wrong");
  host->fail(call, MOTET_INTERNAL, "with.other", "a later failure");
  return MOTET_INVALID_PARAMETER;
}
// A function of the host that has phases of its own, called whatever phase this is.
using Misuse = void (*)(const motet_host* host, motet_call* call);
void weights_path(const motet_host* host, motet_call* call) { host->weights_path(call); }
void weights_format(const motet_host* host, motet_call* call) { host->weights_format(call); }
void weights_has(const motet_host* host, motet_call* call) { host->weights_has(call, "late"); }
void weight_source(const motet_host* host, motet_call* call) {
  const motet_weight_source source{sizeof source, "late", "file.late", 0, 0};
  host->weight_source(call, &source);
}
void declare_weight(const motet_host* host, motet_call* call) {
  motet_weight_request request{};
  request.struct_size = sizeof request;
  request.canonical = "late";
  motet_tensor_spec bound{};
  bound.struct_size = sizeof bound;
  host->declare_weight(call, &request, &bound);
}
void fresh_symbol(const motet_host* host, motet_call* call) { host->fresh_symbol(call); }
void offer(const motet_host* host, motet_call* call) { host->offer(call, "text", "heads", "8"); }
void offered(const motet_host* host, motet_call* call) { host->offered(call, "heads"); }

template <Misuse misuse>
motet_status create_misuses(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out) {
  misuse(host, call);
  return create(call, host, params, out);
}
template <Misuse misuse>
motet_status process_misuses(motet_call* call, motet_stage* stage, const motet_value* const* in, size_t n,
                             motet_value** out, size_t m) {
  misuse(g_host, call);
  return pass(call, stage, in, n, out, m);
}
template <Misuse misuse>
motet_status build_misuses(motet_call* call, const motet_stage*, motet_builder*, const motet_tensor*, uint32_t,
                           motet_tensor* out, uint32_t) {
  misuse(g_host, call);
  out[0] = 1;
  return MOTET_OK;
}

motet_status process_throws(motet_call*, motet_stage*, const motet_value* const*, size_t, motet_value**, size_t) {
  throw 42;
}
motet_status process_silent(motet_call*, motet_stage*, const motet_value* const*, size_t, motet_value**, size_t) {
  return MOTET_INVALID_ITEM;
}
motet_status process_nothing(motet_call*, motet_stage*, const motet_value* const*, size_t, motet_value**, size_t) {
  return MOTET_OK;
}
motet_status process_number(motet_call* call, motet_stage*, const motet_value* const*, size_t, motet_value** out,
                            size_t) {
  const int32_t id = 1;
  const motet_tokens_view view{sizeof view, &id, 1, nullptr, nullptr, nullptr};
  return g_host->value_new(call, MOTET_VALUE_TOKENS, &view, &out[0]);
}
motet_status process_borrows(motet_call*, motet_stage*, const motet_value* const* in, size_t, motet_value** out,
                             size_t) {
  out[0] = const_cast<motet_value*>(in[0]);
  return MOTET_OK;
}
motet_status process_keeps(motet_call* call, motet_stage* stage, const motet_value* const* in, size_t n,
                           motet_value** out, size_t m) {
  if (g_kept_call != nullptr) g_host->progress(g_kept_call, 1, 2);
  g_kept_call = call;
  return pass(call, stage, in, n, out, m);
}
// What the host alone may call in a stage that fills a slot.
enum class OfFiller { create, negotiate, destroy };
template <OfFiller function>
motet_status process_calls_filler(motet_call* call, motet_stage* stage, const motet_value* const* in, size_t n,
                                  motet_value** out, size_t m) {
  motet_filler filler{sizeof filler, nullptr, nullptr};
  if (g_host->slot(call, "text", &filler) == MOTET_OK) {
    motet_stage* another = nullptr;
    motet_negotiation none{};
    none.struct_size = sizeof none;
    if (function == OfFiller::create) filler.type->create(call, g_host, nullptr, &another);
    if (function == OfFiller::negotiate) filler.type->negotiate(call, filler.stage, &none);
    if (function == OfFiller::destroy) filler.type->destroy(filler.stage);
  }
  return pass(call, stage, in, n, out, m);
}
std::atomic<bool> g_waiting{false};
std::atomic<bool> g_go{false};
motet_status process_waits(motet_call* call, motet_stage* stage, const motet_value* const* in, size_t n,
                           motet_value** out, size_t m) {
  motet_text_view view{sizeof view, nullptr, 0};
  g_host->value_view(call, in[0], MOTET_VALUE_TEXT, &view);
  if (view.size_bytes == 4 && std::memcmp(view.data, "wait", 4) == 0) {
    g_waiting = true;
    while (!g_go) std::this_thread::yield();
  }
  return pass(call, stage, in, n, out, m);
}
motet_status process_cancels(motet_call* call, motet_stage* stage, const motet_value* const* in, size_t n,
                             motet_value** out, size_t m) {
  if (g_host->should_cancel(call) == 0) return pass(call, stage, in, n, out, m);
  g_host->progress(call, 3, 10);
  g_host->fail(call, MOTET_CANCELLED, nullptr, "cancelled");
  return MOTET_CANCELLED;
}

motet_status negotiate_changes(motet_call*, motet_stage*, motet_negotiation* n) {
  n->outputs[0].rank = 1;
  n->outputs[0].dims[0].size = ++g_negotiations;
  return MOTET_OK;
}
motet_status negotiate_malformed(motet_call*, motet_stage*, motet_negotiation* n) {
  n->outputs[0].rank = 1;
  n->outputs[0].dims[0].size = -7;
  return MOTET_OK;
}

motet_status build_nothing(motet_call*, const motet_stage*, motet_builder*, const motet_tensor*, uint32_t,
                           motet_tensor*, uint32_t) {
  return MOTET_OK;
}
motet_status build_step_nothing(motet_call*, const motet_stage*, motet_builder*, const motet_step*, const motet_tensor*,
                                uint32_t, motet_tensor*) {
  return MOTET_OK;
}
motet_status generation_empty(motet_call*, const motet_stage*, motet_generation*) { return MOTET_OK; }
motet_status encode_text(motet_call* call, const motet_stage*, const char* text, size_t size, uint32_t,
                         motet_value** out) {
  const motet_text_view view{sizeof view, text, size};
  return g_host->value_new(call, MOTET_VALUE_TEXT, &view, out);
}
motet_status decode_nothing(motet_call*, const motet_stage*, const int32_t*, size_t, uint32_t, motet_value**) {
  return MOTET_OK;
}
int32_t token_id(const motet_stage*, const char*, size_t) { throw std::logic_error("no ids here"); }
int greedy(const motet_stage*) { return 0; }
motet_status sample_outside(motet_call*, const motet_stage*, const motet_sampling* seen, int32_t* id) {
  *id = static_cast<int32_t>(seen->vocabulary);
  return MOTET_OK;
}

template <Process process>
const void* host_stage(const char* id) {
  static const motet_host_stage table = {sizeof(motet_host_stage), process};
  return std::strcmp(id, "motet.host_stage/1") == 0 ? &table : nullptr;
}
template <Build build>
const void* tensor_stage(const char* id) {
  static const motet_tensor_stage table = {sizeof(motet_tensor_stage), build};
  return std::strcmp(id, "motet.tensor_stage/1") == 0 ? &table : nullptr;
}
const void* generator(const char* id) {
  static const motet_generator table = {sizeof(motet_generator), generation_empty, build_step_nothing};
  return std::strcmp(id, "motet.generator/1") == 0 ? &table : nullptr;
}
const void* tokenizer(const char* id) {
  static const motet_tokenizer table = {sizeof(motet_tokenizer), encode_text, decode_nothing, token_id};
  return std::strcmp(id, "motet.tokenizer/1") == 0 ? &table : nullptr;
}
const void* sampler(const char* id) {
  static const motet_sampler table = {sizeof(motet_sampler), greedy, sample_outside};
  return std::strcmp(id, "motet.sampler/1") == 0 ? &table : nullptr;
}

motet_stage_type type(const char* id, const void* (*extension)(const char*), Create make = create,
                      Negotiate negotiate = nullptr, const motet_port* outputs = kOut,
                      uint32_t concurrency = MOTET_PARALLEL) {
  return {sizeof(motet_stage_type),
          id,
          "broken",
          "",
          "",
          kIn,
          outputs,
          nullptr,
          kSlots,
          1,
          1,
          0,
          1,
          concurrency,
          MOTET_PURE,
          make,
          destroy,
          negotiate,
          extension};
}

const motet_stage_type kTypes[] = {
    type("right", host_stage<pass>),
    type("create.throws", host_stage<pass>, create_throws),
    type("create.nothing", host_stage<pass>, create_nothing),
    type("create.reports", host_stage<pass>, create_reports),
    type("create.offer", host_stage<pass>, create_misuses<offer>),
    type("create.offered", host_stage<pass>, create_misuses<offered>),
    type("process.weights_path", host_stage<process_misuses<weights_path>>),
    type("process.weights_format", host_stage<process_misuses<weights_format>>),
    type("process.weights_has", host_stage<process_misuses<weights_has>>),
    type("process.weight_source", host_stage<process_misuses<weight_source>>),
    type("process.declare_weight", host_stage<process_misuses<declare_weight>>),
    type("process.fresh_symbol", host_stage<process_misuses<fresh_symbol>>),
    type("process.offer", host_stage<process_misuses<offer>>),
    type("process.offered", host_stage<process_misuses<offered>>),
    type("build.weights_path", tensor_stage<build_misuses<weights_path>>, create, nullptr, kTensorOut),
    type("build.weights_format", tensor_stage<build_misuses<weights_format>>, create, nullptr, kTensorOut),
    type("build.weights_has", tensor_stage<build_misuses<weights_has>>, create, nullptr, kTensorOut),
    type("build.weight_source", tensor_stage<build_misuses<weight_source>>, create, nullptr, kTensorOut),
    type("build.declare_weight", tensor_stage<build_misuses<declare_weight>>, create, nullptr, kTensorOut),
    type("build.fresh_symbol", tensor_stage<build_misuses<fresh_symbol>>, create, nullptr, kTensorOut),
    type("build.offer", tensor_stage<build_misuses<offer>>, create, nullptr, kTensorOut),
    type("build.offered", tensor_stage<build_misuses<offered>>, create, nullptr, kTensorOut),
    type("process.throws", host_stage<process_throws>),
    type("process.silent", host_stage<process_silent>),
    type("process.nothing", host_stage<process_nothing>),
    type("process.number", host_stage<process_number>),
    type("process.borrows", host_stage<process_borrows>),
    type("process.keeps", host_stage<process_keeps>),
    type("filler.create", host_stage<process_calls_filler<OfFiller::create>>),
    type("filler.negotiate", host_stage<process_calls_filler<OfFiller::negotiate>>),
    type("filler.destroy", host_stage<process_calls_filler<OfFiller::destroy>>),
    type("process.waits", host_stage<process_waits>, create, nullptr, kOut, MOTET_SERIAL),
    type("process.waits_parallel", host_stage<process_waits>),
    type("process.cancels", host_stage<process_cancels>),
    type("negotiate.changes", tensor_stage<build_nothing>, create, negotiate_changes, kTensorOut),
    type("negotiate.malformed", tensor_stage<build_nothing>, create, negotiate_malformed, kTensorOut),
    type("build.nothing", tensor_stage<build_nothing>, create, nullptr, kTensorOut),
    type("generator", generator, create, nullptr, kTensorOut),
    type("tokenizer", tokenizer),
    type("sampler", sampler),
};
constexpr uint32_t kCount = sizeof kTypes / sizeof kTypes[0];

const void* get_factory(const char* id) {
  static const motet_stage_type* list[kCount];
  for (uint32_t i = 0; i < kCount; ++i) list[i] = &kTypes[i];
  static const motet_stage_types table = {sizeof(motet_stage_types), kCount, 0, list};
  return std::strcmp(id, "motet.stage_types/1") == 0 ? &table : nullptr;
}

}  // namespace

// For the test of concurrency: whether a call waits in process, and the word for it to go on.
extern "C" __attribute__((visibility("default"))) bool motet_test_waiting() { return g_waiting; }
extern "C" __attribute__((visibility("default"))) void motet_test_go(bool go) {
  g_go = go;
  if (!go) g_waiting = false;
}

MOTET_EXPORT const motet_plugin_entry motet_plugin;
const motet_plugin_entry motet_plugin = {
    sizeof(motet_plugin_entry), MOTET_ABI_MAJOR, MOTET_ABI_MINOR, "broken", "0.0.1", get_factory};
