// The one exception type: the world (a file, a driver, memory) or an item failed, with context on its way up.
//
// A wrong pipeline is not an Error but Diagnostics, collected (diagnostic.hpp); DiagnosticsError carries them once a
// phase gives up. Caught in cli, in runtime (a failed item) and at the ABI; thrown from any thread.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace motet::base {

enum class ErrorKind {
  item,         // this item cannot be computed (bad recording, too long a prompt): the others go on; exit 1
  user,         // arguments, the pipeline or a file that the user named is wrong or missing; exit 2
  environment,  // no such device, driver, memory; output not writable; exit 3
  plugin,       // a plugin broke its contract; exit 4
  cancelled,    // Ctrl-C or a caller's cancellation; exit 130
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message, std::string help = {})
      : std::runtime_error(message), kind_(kind), help_(std::move(help)) {}

  ErrorKind kind() const { return kind_; }
  const std::string& help() const { return help_; }

  // The same error with "context: " before its message.
  Error within(std::string_view context) const { return {kind_, std::string(context) + ": " + what(), help_}; }

 private:
  ErrorKind kind_;
  std::string help_;
};

[[noreturn]] inline void fail(ErrorKind kind, const std::string& message, std::string help = {}) {
  throw Error(kind, message, std::move(help));
}

}  // namespace motet::base
