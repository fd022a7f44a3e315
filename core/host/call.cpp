#include "host/call.hpp"

#include <algorithm>
#include <cstdlib>

#include "host/instance.hpp"
#include "host/plugin_text.hpp"

namespace motet::host {

namespace {

thread_local const Instance* t_instance = nullptr;
thread_local Call* t_call = nullptr;
thread_local const char* t_operation = nullptr;

constexpr std::size_t kAlignment = 64;

}  // namespace

Call::Call(const Instance& instance, Phase phase, const CallOptions& options)
    : instance_(instance), phase_(phase), options_(options) {}

Call::~Call() {
  for (void* memory : scratch_) std::free(memory);
}

void Call::fail(motet_status status, const char* path, const char* message) {
  const std::lock_guard lock(mutex_);
  if (failed_) return;
  failed_ = true;
  failure_ = {status, plugin_text(path), plugin_text(message)};
}

void* Call::scratch(std::size_t size_bytes) {
  if (size_bytes > SIZE_MAX - kAlignment) return nullptr;
  const std::size_t rounded = std::max((size_bytes + kAlignment - 1) / kAlignment * kAlignment, kAlignment);
  void* memory = std::aligned_alloc(kAlignment, rounded);
  if (memory == nullptr) return nullptr;
  const std::lock_guard lock(mutex_);
  scratch_.push_back(memory);
  return memory;
}

InPlugin::InPlugin(const Instance& instance, const char* function, Call* call)
    : instance_(instance), function_(function), before_(t_instance), call_before_(t_call) {
  t_instance = &instance;
  t_call = call;
  if (CallObserver* observer = instance.settings().observer) observer->entering(instance, function);
}
InPlugin::~InPlugin() {
  if (CallObserver* observer = instance_.settings().observer) observer->left(instance_, function_);
  t_instance = before_;
  t_call = call_before_;
}

InOperation::InOperation(const char* name) : before_(t_operation) { t_operation = name; }
InOperation::~InOperation() { t_operation = before_; }
const char* current_operation() { return t_operation; }

Call* current_call() { return t_call; }
const Instance* current_instance() { return t_instance; }
const char* current_stage() { return t_instance == nullptr ? "" : t_instance->stage().c_str(); }

}  // namespace motet::host
