// A call into a plugin that failed, with the port or parameter that is to blame.
#pragma once

#include <motet/abi.h>

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace motet::host {

// What kind of stage call it was; decides how a status is read (a file missing for one item is the item's failure).
enum class Phase { create, negotiate, build, process };

struct Failure {
  motet_status status = MOTET_OK;
  std::string path;     // "with.file", "in.x", "weights.query", "slots.text"; empty: the stage as a whole
  std::string message;  // one line
};

// "MOTET_INVALID_ITEM"
std::string_view status_name(motet_status status);
base::ErrorKind error_kind(motet_status status, Phase phase);

// what() is "stage 'words' (decoder.transformer): message"; graph makes a diagnostic of the parts.
class StageError : public base::Error {
 public:
  StageError(std::string_view stage, std::string_view type, Phase phase, Failure failure);

  motet_status status() const { return failure_.status; }
  const std::string& path() const { return failure_.path; }
  const std::string& message() const { return failure_.message; }  // without the stage
  // The number of the obligation (docs/obligations.md) that the plugin broke, 0: it only reported a failure.
  int obligation() const { return obligation_; }

  // The plugin broke its contract.
  static StageError broken(std::string_view stage, std::string_view type, int obligation, std::string message);

 private:
  Failure failure_;
  int obligation_ = 0;
};

}  // namespace motet::host
