// The host's functions for create and negotiate: weights, symbols, slots. What they answer is the graph's to know.
#include "host/instance.hpp"
#include "host/table.hpp"

namespace motet::host {
namespace {

// Symbols for a stage that is tried out without a graph; the graph's own are small.
constexpr std::uint32_t kFirstLooseSymbol = 0x80000000u;

bool allowed(Call& call, const char* function, bool in_create) {
  if (call.phase() == Phase::negotiate || (in_create && call.phase() == Phase::create)) return true;
  const std::string when = in_create ? "create and negotiate" : "negotiate";
  call.instance().checks().add(kHostFunctionInItsPhase,
                               std::string("it called ") + function + ", which is for " + when + " only");
  call.set_last_error(std::string(function) + " may be called in " + when + " only");
  return false;
}

template <class Ask>
const char* ask_text(motet_call* given, const char* function, bool in_create, Ask ask) noexcept {
  const char* answer = nullptr;
  (void)host_answer(given, function, [&](Call& call) -> motet_status {
    if (!allowed(call, function, in_create)) return MOTET_WRONG_ORDER;
    if (call.hooks() != nullptr) answer = ask(*call.hooks());
    return MOTET_OK;
  });
  return answer;
}

const char* weights_path(motet_call* call) noexcept {
  return ask_text(call, "weights_path", true, [](NegotiationHooks& hooks) { return hooks.weights_path(); });
}

const char* weights_format(motet_call* call) noexcept {
  return ask_text(call, "weights_format", true, [](NegotiationHooks& hooks) { return hooks.weights_format(); });
}

int weights_has(motet_call* given, const char* name) noexcept {
  bool has = false;
  (void)host_answer(given, "weights_has", [&](Call& call) -> motet_status {
    if (!allowed(call, "weights_has", true)) return MOTET_WRONG_ORDER;
    has = name != nullptr && call.hooks() != nullptr && call.hooks()->weights_has(name);
    return MOTET_OK;
  });
  return has ? 1 : 0;
}

motet_status weight_source(motet_call* given, const motet_weight_source* source) noexcept {
  return host_function(given, "weight_source", [&](Call& call) -> motet_status {
    if (!allowed(call, "weight_source", true)) return MOTET_WRONG_ORDER;
    if (source == nullptr) return failed(call, MOTET_INTERNAL, "weight_source wants a source");
    const auto read = read_sized<motet_weight_source>(source);
    if (read.canonical == nullptr || read.name == nullptr || (read.parts > 0 && read.part >= read.parts)) {
      return failed(call, MOTET_INTERNAL,
                    "weight_source wants a canonical name, a name in the file, and a part below parts");
    }
    if (call.hooks() != nullptr) call.hooks()->weight_source({read.canonical, read.name, read.part, read.parts});
    return MOTET_OK;
  });
}

// A plugin that was built against 1.0 had no way to say that it takes whole numbers.
constexpr std::uint32_t kMinorWithI32 = 1;

WeightRequest request_of(const motet_weight_request& read, std::uint32_t abi_minor) {
  WeightRequest out;
  out.canonical = read.canonical;
  out.optional = (read.flags & MOTET_WEIGHT_OPTIONAL) != 0;
  out.i32 = (read.flags & MOTET_WEIGHT_I32) != 0 || abi_minor < kMinorWithI32;
  for (std::uint32_t i = 0; i < read.rank; ++i) {
    out.shape.push_back(read.dims[i].size >= 0 ? tensor::Dim::number(read.dims[i].size)
                                               : tensor::Dim::of_symbol(read.dims[i].symbol));
  }
  if (read.init != nullptr) out.init = read.init;
  return out;
}

motet_status declare_weight(motet_call* given, const motet_weight_request* request, motet_tensor_spec* bound) noexcept {
  return host_function(given, "declare_weight", [&](Call& call) -> motet_status {
    if (!allowed(call, "declare_weight", true)) return MOTET_WRONG_ORDER;
    if (request == nullptr || bound == nullptr)
      return failed(call, MOTET_INTERNAL, "declare_weight wants a request and a place for the answer");
    const auto read = read_sized<motet_weight_request>(request);
    if (read.canonical == nullptr || read.rank > MOTET_MAX_RANK)
      return failed(call, MOTET_INTERNAL, "declare_weight wants a canonical name and at most 8 dimensions");
    if (call.hooks() == nullptr)
      return failed(call, MOTET_INVALID_PARAMETER, "the stage wants weights, and the pipeline names none for it");
    const std::uint32_t abi_minor = call.instance().library().info().abi_minor;
    write_sized(to_abi(call.hooks()->declare_weight(request_of(read, abi_minor))), bound);
    return MOTET_OK;
  });
}

uint32_t fresh_symbol(motet_call* given) noexcept {
  uint32_t symbol = 0;
  (void)host_answer(given, "fresh_symbol", [&](Call& call) -> motet_status {
    if (!allowed(call, "fresh_symbol", true)) return MOTET_WRONG_ORDER;
    static std::atomic<std::uint32_t> next{kFirstLooseSymbol};
    symbol = call.hooks() != nullptr ? call.hooks()->fresh_symbol() : next++;
    return MOTET_OK;
  });
  return symbol;
}

// Whoever just wants to know whether the slot is filled looks at no status more closely.
motet_status slot(motet_call* given, const char* name, motet_filler* out) noexcept {
  return host_answer(given, "slot", [&](Call& call) -> motet_status {
    if (name == nullptr || out == nullptr)
      return failed(call, MOTET_INTERNAL, "slot wants a name and a place for the filler");
    const Instance* filler = call.instance().filler(name);
    if (filler == nullptr) return failed(call, MOTET_UNSUPPORTED, "the slot '" + std::string(name) + "' is empty");
    // One that builds is negotiated later, since its owner makes it offers first; there is nothing to call in it here.
    if (!filler->negotiated() && !filler->info().is_tensor()) {
      return failed(call, MOTET_WRONG_ORDER,
                    "the filler of the slot '" + std::string(name) +
                        "' is negotiated after the stage that has the slot: use it in build or process");
    }
    write_sized(filler->as_filler(), out);
    return MOTET_OK;
  });
}

motet_status offer(motet_call* given, const char* name, const char* key, const char* text) noexcept {
  return host_function(given, "offer", [&](Call& call) -> motet_status {
    if (!allowed(call, "offer", false)) return MOTET_WRONG_ORDER;
    if (name == nullptr || key == nullptr || text == nullptr)
      return failed(call, MOTET_INTERNAL, "offer wants a slot, a key and a text");
    if (call.hooks() != nullptr) call.hooks()->offer(name, key, text);
    return MOTET_OK;
  });
}

const char* offered(motet_call* call, const char* key) noexcept {
  return ask_text(call, "offered", false,
                  [&](NegotiationHooks& hooks) { return key == nullptr ? nullptr : hooks.offered(key); });
}

}  // namespace

void add_weight_functions(motet_host& table) {
  table.weights_path = weights_path;
  table.weights_format = weights_format;
  table.weights_has = weights_has;
  table.weight_source = weight_source;
  table.declare_weight = declare_weight;
  table.fresh_symbol = fresh_symbol;
  table.slot = slot;
  table.offer = offer;
  table.offered = offered;
}

}  // namespace motet::host
