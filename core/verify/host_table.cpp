#include "verify/host_table.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <cstring>
#include <list>
#include <mutex>
#include <utility>

#include "base/error.hpp"
#include "host/call.hpp"

namespace motet::verify {

struct HostTable::State {
  HostBehaviour behaviour;
  // Longer than the table, as a later version's would be.
  struct Longer {
    motet_host table;
    void* more[8];
  } host{};
  std::mutex mutex;  // a parallel stage calls from several threads
  std::int64_t calls = 0;
  std::int64_t cancelling = -1;  // the first question that is answered with yes
  std::int64_t questions = 0;
  std::string failed;
  std::string mistake;
  bool just_failed = false;
  std::list<GuardedBytes> guarded;  // live as long as the values might

  bool fails(const char* function) {
    const std::lock_guard lock(mutex);
    just_failed = calls++ == behaviour.failing;
    if (just_failed) failed = function;
    return just_failed;
  }
  bool cancels() {
    const std::lock_guard lock(mutex);
    const std::int64_t question = questions++;
    return cancelling >= 0 && question >= cancelling;
  }
  void sized(std::size_t said, std::size_t wanted, const char* what) {
    const std::lock_guard lock(mutex);
    if (said != wanted && mistake.empty())
      mistake = std::string(what) + " has struct_size " + std::to_string(said) + ", not " + std::to_string(wanted);
  }
  template <class T>
  void guard(const T*& data, std::size_t count) {
    if (data == nullptr) return;
    const std::lock_guard lock(mutex);
    data = static_cast<const T*>(
        guarded.emplace_back(data, count * sizeof(T), behaviour.guarded, behaviour.read_only).data());
  }
  void guard_text(const char*& text) {
    if (text != nullptr) guard(text, std::strlen(text) + 1);
  }
  void* spoilt(void* memory, std::size_t size_bytes) const {
    if (memory != nullptr && behaviour.rubbish) std::memset(memory, *behaviour.rubbish, size_bytes);
    return memory;
  }
};

namespace {

HostTable::State* g_state = nullptr;  // the functions below reach nothing else

const motet_host& plain() { return host::host_table(); }

std::size_t said_size(const void* given) {
  std::size_t said = 0;
  std::memcpy(&said, given, sizeof said);
  return said;
}

}  // namespace

namespace {
namespace decorated {

const char* last_error(motet_call* call) noexcept {
  return g_state->just_failed ? "the host has no memory left (the kit made this call fail)" : plain().last_error(call);
}

int should_cancel(motet_call* call) noexcept { return g_state->cancels() ? 1 : plain().should_cancel(call); }

void* scratch(motet_call* call, size_t size_bytes) noexcept {
  if (g_state->fails("scratch")) return nullptr;
  return g_state->spoilt(plain().scratch(call, size_bytes), size_bytes);
}

void guard_view(motet_value_kind kind, void* view) {
  switch (kind) {
    case MOTET_VALUE_TEXT: {
      auto& text = *static_cast<motet_text_view*>(view);
      return g_state->guard(text.data, text.size_bytes);
    }
    case MOTET_VALUE_IMAGE: {
      auto& image = *static_cast<motet_image_view*>(view);
      g_state->guard(image.pixels, std::size_t{image.height} * image.width * image.channels);
      return g_state->guard_text(image.path);
    }
    case MOTET_VALUE_AUDIO: {
      auto& audio = *static_cast<motet_audio_view*>(view);
      g_state->guard(audio.samples, static_cast<std::size_t>(audio.frames) * audio.channels);
      return g_state->guard_text(audio.path);
    }
    case MOTET_VALUE_TOKENS: {
      auto& tokens = *static_cast<motet_tokens_view*>(view);
      g_state->guard(tokens.ids, tokens.count);
      g_state->guard(tokens.feature, tokens.count);
      g_state->guard(tokens.type_ids, tokens.count);
      return g_state->guard(tokens.offsets, 2 * tokens.count);
    }
    case MOTET_VALUE_TENSOR: {
      auto& tensor = *static_cast<motet_tensor_view*>(view);
      const auto* bytes = static_cast<const char*>(tensor.data);
      g_state->guard(bytes, tensor.size_bytes);
      tensor.data = bytes;
      return;
    }
    default:
      return;
  }
}

std::size_t view_size(motet_value_kind kind) {
  switch (kind) {
    case MOTET_VALUE_TEXT:
      return sizeof(motet_text_view);
    case MOTET_VALUE_IMAGE:
      return sizeof(motet_image_view);
    case MOTET_VALUE_AUDIO:
      return sizeof(motet_audio_view);
    case MOTET_VALUE_TOKENS:
      return sizeof(motet_tokens_view);
    case MOTET_VALUE_TENSOR:
      return sizeof(motet_tensor_view);
    default:
      return 0;
  }
}

motet_status value_view(motet_call* call, const motet_value* value, motet_value_kind kind, void* view) noexcept {
  if (g_state->fails("value_view")) return MOTET_OUT_OF_MEMORY;
  if (view != nullptr && view_size(kind) > 0) g_state->sized(said_size(view), view_size(kind), "a view for value_view");
  const motet_status status = plain().value_view(call, value, kind, view);
  if (status == MOTET_OK && (g_state->behaviour.guarded || g_state->behaviour.read_only) &&
      said_size(view) >= view_size(kind))
    guard_view(kind, view);
  return status;
}

motet_status value_new(motet_call* call, motet_value_kind kind, const void* view, motet_value** out) noexcept {
  if (g_state->fails("value_new")) return MOTET_OUT_OF_MEMORY;
  if (view != nullptr && view_size(kind) > 0) g_state->sized(said_size(view), view_size(kind), "a view for value_new");
  return plain().value_new(call, kind, view, out);
}

motet_status tensor_new(motet_call* call, motet_dtype dtype, uint32_t rank, const int64_t* sizes, void** data,
                        motet_value** out) noexcept {
  if (g_state->fails("tensor_new")) return MOTET_OUT_OF_MEMORY;
  const motet_status status = plain().tensor_new(call, dtype, rank, sizes, data, out);
  if (status == MOTET_OK && g_state->behaviour.rubbish) {
    motet_tensor_view made{};
    made.struct_size = sizeof made;
    if (plain().value_view(call, *out, MOTET_VALUE_TENSOR, &made) == MOTET_OK) g_state->spoilt(*data, made.size_bytes);
  }
  return status;
}

motet_status list_new(motet_call* call, motet_value* const* items, size_t count, motet_value** out) noexcept {
  return g_state->fails("list_new") ? MOTET_OUT_OF_MEMORY : plain().list_new(call, items, count, out);
}

motet_status open_document(motet_call* call, const char* path, motet_document** out) noexcept {
  return g_state->fails("open_document") ? MOTET_OUT_OF_MEMORY : plain().open_document(call, path, out);
}

motet_status weight_source(motet_call* call, const motet_weight_source* source) noexcept {
  if (source != nullptr) g_state->sized(source->struct_size, sizeof *source, "a motet_weight_source");
  return g_state->fails("weight_source") ? MOTET_OUT_OF_MEMORY : plain().weight_source(call, source);
}

motet_status declare_weight(motet_call* call, const motet_weight_request* request, motet_tensor_spec* bound) noexcept {
  if (request != nullptr) g_state->sized(request->struct_size, sizeof *request, "a motet_weight_request");
  if (bound != nullptr) g_state->sized(bound->struct_size, sizeof *bound, "the motet_tensor_spec for declare_weight");
  return g_state->fails("declare_weight") ? MOTET_OUT_OF_MEMORY : plain().declare_weight(call, request, bound);
}

motet_status slot(motet_call* call, const char* name, motet_filler* out) noexcept {
  if (out != nullptr) g_state->sized(out->struct_size, sizeof *out, "a motet_filler");
  return g_state->fails("slot") ? MOTET_OUT_OF_MEMORY : plain().slot(call, name, out);
}

motet_status offer(motet_call* call, const char* name, const char* key, const char* text) noexcept {
  return g_state->fails("offer") ? MOTET_OUT_OF_MEMORY : plain().offer(call, name, key, text);
}

}  // namespace decorated
}  // namespace

HostTable::HostTable(const HostBehaviour& behaviour) : state_(std::make_unique<State>()) {
  assert(g_state == nullptr);
  g_state = state_.get();
  state_->behaviour = behaviour;
  motet_host& table = state_->host.table;
  table = plain();
  if (behaviour.newer) {
    table.struct_size = sizeof state_->host;
    table.abi_minor = MOTET_ABI_MINOR + 7;
  }
  table.last_error = decorated::last_error;
  table.should_cancel = decorated::should_cancel;
  table.scratch = decorated::scratch;
  table.value_view = decorated::value_view;
  table.value_new = decorated::value_new;
  table.tensor_new = decorated::tensor_new;
  table.list_new = decorated::list_new;
  table.open_document = decorated::open_document;
  table.weight_source = decorated::weight_source;
  table.declare_weight = decorated::declare_weight;
  table.slot = decorated::slot;
  table.offer = decorated::offer;
}

HostTable::~HostTable() { g_state = nullptr; }

const motet_host* HostTable::get() const { return &state_->host.table; }
std::int64_t HostTable::calls() const { return state_->calls; }
const std::string& HostTable::failed() const { return state_->failed; }
const std::string& HostTable::mistake() const { return state_->mistake; }

void HostTable::fail_from_now(std::int64_t call) {
  const std::lock_guard lock(state_->mutex);
  state_->behaviour.failing = call < 0 ? -1 : state_->calls + call;
  state_->failed.clear();
}

void HostTable::cancel_from_now(std::int64_t question) {
  const std::lock_guard lock(state_->mutex);
  state_->cancelling = question;
  state_->questions = 0;
}

std::int64_t HostTable::questions() const { return state_->questions; }

GuardedBytes::GuardedBytes(const void* bytes, std::size_t size_bytes, bool guarded, bool read_only) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  // Without a guard there is a page more to read, full of zeros.
  const std::size_t filled = (size_bytes + page - 1) / page * page;
  mapped_bytes_ = filled + page;
  mapping_ = ::mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping_ == MAP_FAILED) base::fail(base::ErrorKind::environment, "there is no memory for guarded bytes");
  char* end = static_cast<char*>(mapping_) + filled;
  if (size_bytes > 0) std::memcpy(end - size_bytes, bytes, size_bytes);
  if (read_only) ::mprotect(mapping_, mapped_bytes_, PROT_READ);
  if (guarded) ::mprotect(end, page, PROT_NONE);
  data_ = end - size_bytes;
}

GuardedBytes::GuardedBytes(GuardedBytes&& other) noexcept
    : mapping_(std::exchange(other.mapping_, nullptr)), mapped_bytes_(other.mapped_bytes_), data_(other.data_) {}

GuardedBytes::~GuardedBytes() {
  if (mapping_ != nullptr) ::munmap(mapping_, mapped_bytes_);
}

}  // namespace motet::verify
