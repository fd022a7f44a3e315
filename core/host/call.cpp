#include "host/call.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/utf8.hpp"
#include "host/instance.hpp"

namespace motet::host {

namespace {

thread_local const Instance* t_instance = nullptr;

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kMostMessageBytes = 16384;

// What a plugin says goes to terminals and JSON: cut where it is endless, with '?' for what is no UTF-8.
std::string clean(const char* text) {
  if (text == nullptr) return {};
  std::string out(text);
  if (out.size() > kMostMessageBytes) {
    out.resize(kMostMessageBytes);
    out.resize(out.size() - base::incomplete_tail(out));
  }
  while (const auto bad = base::first_bad_utf8(out)) out[*bad] = '?';
  return out;
}

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
  failure_ = {status, clean(path), clean(message)};
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

InPlugin::InPlugin(const Instance& instance) : before_(t_instance) { t_instance = &instance; }
InPlugin::~InPlugin() { t_instance = before_; }

const Instance* current_instance() { return t_instance; }
const char* current_stage() { return t_instance == nullptr ? "" : t_instance->stage().c_str(); }

}  // namespace motet::host
