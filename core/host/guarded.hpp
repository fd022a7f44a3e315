// How Instance calls a plugin. For its own sources only.
#pragma once

#include <exception>
#include <memory>
#include <string>

#include "host/instance.hpp"

namespace motet::host {

// Calls the plugin; an exception that escapes from it is its defect.
template <class Body>
motet_status Instance::run(Call& call, const char* function, Body&& body) const {
  const InPlugin inside(*this, function, &call);
  try {
    return body(call);
  } catch (const std::exception& error) {
    broken(kNoException, std::string("an exception escaped from ") + function + ": " + error.what());
  } catch (...) {
    broken(kNoException, std::string("an exception escaped from ") + function);
  }
}

template <class Body>
void Instance::guarded(Phase phase, const CallOptions& options, const char* function, Body&& body) const {
  if (!checks_.on()) {
    Call call(*this, phase, options);
    const motet_status status = run(call, function, body);
    if (status != MOTET_OK || call.lacks_memory()) judge(call, function, status);
    return;
  }
  struct Running {
    std::atomic<int>& count;
    int before;
    explicit Running(std::atomic<int>& c) : count(c), before(c.fetch_add(1)) {}
    ~Running() { count.fetch_sub(1); }
  } running(checks_.running);
  if (running.before > 0 &&
      (type_.info->concurrency == MOTET_SERIAL || phase == Phase::create || phase == Phase::negotiate)) {
    broken(kConcurrencyDeclared, std::string(function) + " came while another call of this instance ran" +
                                     (type_.info->concurrency == MOTET_SERIAL ? ", and its type is serial" : ""));
  }
  auto call = std::make_unique<Call>(*this, phase, options);
  Call& borrowed = *call;
  struct Finish {
    CheckLog& checks;
    std::unique_ptr<Call>& call;
    ~Finish() {
      call->finish();
      checks.keep(std::move(call));
    }
  };
  motet_status status = MOTET_OK;
  {
    const Finish finish{checks_, call};
    status = run(borrowed, function, body);
  }
  judge(borrowed, function, status);
}

}  // namespace motet::host
