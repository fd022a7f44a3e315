#include "host/checks.hpp"

#include "base/log.hpp"
#include "host/call.hpp"
#include "plugin/obligation.hpp"

namespace motet::host {

namespace {
constexpr std::size_t kKeptCalls = 64;
}

CheckLog::~CheckLog() {
  // Nobody asks any more: what the plugin broke in its last breath is at least said.
  for (const Violation& violation : violations_) {
    base::log(base::LogLevel::error, "[" + plugin::obligation_name(violation.obligation) + "] " + violation.message);
  }
}

void CheckLog::add(int obligation, std::string message) {
  const std::lock_guard lock(mutex_);
  violations_.push_back({obligation, std::move(message)});
}

CheckLog::Violation CheckLog::take() {
  const std::lock_guard lock(mutex_);
  if (violations_.empty()) return {};
  Violation first = std::move(violations_.front());
  violations_.erase(violations_.begin());
  return first;
}

void CheckLog::keep(std::unique_ptr<Call> call) {
  const std::lock_guard lock(mutex_);
  returned_.push_back(std::move(call));
  if (returned_.size() > kKeptCalls) returned_.erase(returned_.begin());
}

}  // namespace motet::host
