// What a check works with while it runs, in a process of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "verify/check.hpp"
#include "verify/last_call.hpp"
#include "verify/random.hpp"
#include "verify/subject.hpp"

namespace motet::verify {

// How a check ends early. Thrown from a check's own code only, never through a plugin's.
struct Failed {
  std::string message;
};
struct Skipped {
  std::string reason;
};

[[noreturn]] inline void fail(std::string message) { throw Failed{std::move(message)}; }
[[noreturn]] inline void skip(std::string reason) { throw Skipped{std::move(reason)}; }
inline void expect(bool kept, const std::string& message) {
  if (!kept) fail(message);
}

class Trial {
 public:
  Trial(const Request& request, LastCall& observer, ReadItem read)
      : request_(request), observer_(observer), read_(std::move(read)), random_(request.seed) {}

  const Request& request() const { return request_; }
  const std::filesystem::path& library() const { return request_.library; }
  Random& random() { return random_; }
  // Where stages compute (--device); what compares devices names both itself.
  const std::string& device() const { return request_.device; }
  // From which --strictness on a check does more of the same.
  bool hard() const { return request_.strictness >= kHard; }
  // Notes calls into the plugin for the report of a crash: an observer of a check's own hands on to it.
  host::CallObserver& observer() { return observer_; }
  // The same for what is no call of an instance: "in destroy of NULL".
  void note(const char* what) { observer_.note(what); }

  const plugin::Registry& registry();
  // The stage that is tried; the pipeline is resolved on first use.
  Subject& subject();

 private:
  const Request& request_;
  LastCall& observer_;
  ReadItem read_;
  Random random_;
  std::optional<plugin::Registry> registry_;
  std::unique_ptr<Subject> subject_;
};

// The plugin's stage gives a failure that it reports (a refusal) as nothing; breaking the contract still throws.
template <class Body>
std::optional<host::Failure> refusal(Body&& body) {
  try {
    body();
    return std::nullopt;
  } catch (const host::StageError& error) {
    if (error.obligation() != 0) throw;
    return host::Failure{error.status(), error.path(), error.message()};
  }
}

}  // namespace motet::verify
