#include "host/failure.hpp"

#include "plugin/obligation.hpp"

namespace motet::host {

std::string_view status_name(motet_status status) {
  switch (status) {
    case MOTET_OK:
      return "MOTET_OK";
    case MOTET_INVALID_PARAMETER:
      return "MOTET_INVALID_PARAMETER";
    case MOTET_INVALID_ITEM:
      return "MOTET_INVALID_ITEM";
    case MOTET_UNSUPPORTED:
      return "MOTET_UNSUPPORTED";
    case MOTET_IO:
      return "MOTET_IO";
    case MOTET_OUT_OF_MEMORY:
      return "MOTET_OUT_OF_MEMORY";
    case MOTET_CANCELLED:
      return "MOTET_CANCELLED";
    case MOTET_WRONG_ORDER:
      return "MOTET_WRONG_ORDER";
    case MOTET_INTERNAL:
      return "MOTET_INTERNAL";
    default:
      return "an unknown status";
  }
}

base::ErrorKind error_kind(motet_status status, Phase phase) {
  switch (status) {
    case MOTET_INVALID_PARAMETER:
    case MOTET_UNSUPPORTED:
      return base::ErrorKind::user;
    case MOTET_INVALID_ITEM:
      return base::ErrorKind::item;
    case MOTET_IO:
      return phase == Phase::process ? base::ErrorKind::item : base::ErrorKind::user;
    case MOTET_OUT_OF_MEMORY:
      return base::ErrorKind::environment;
    case MOTET_CANCELLED:
      return base::ErrorKind::cancelled;
    default:
      return base::ErrorKind::plugin;
  }
}

namespace {

std::string sentence(std::string_view stage, std::string_view type, const std::string& message) {
  return "stage '" + std::string(stage) + "' (" + std::string(type) + "): " + message;
}

}  // namespace

StageError::StageError(std::string_view stage, std::string_view type, Phase phase, Failure failure)
    : base::Error(error_kind(failure.status, phase), sentence(stage, type, failure.message)),
      failure_(std::move(failure)) {}

StageError StageError::broken(std::string_view stage, std::string_view type, int obligation, std::string message) {
  StageError error(stage, type, Phase::build,
                   {MOTET_INTERNAL, {}, "[" + plugin::obligation_name(obligation) + "] " + std::move(message)});
  error.obligation_ = obligation;
  return error;
}

}  // namespace motet::host
