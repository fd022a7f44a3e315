// Exceptions that the trampolines turn into statuses. Throw them anywhere but in a destructor; none crosses the border.
#pragma once

#include <motet/abi.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace motet {

// `path` names what is to blame: "with.file", "in.x", "weights.query", "slots.text"; empty: the stage as a whole.
class Error : public std::runtime_error {
 public:
  Error(motet_status status, std::string path, const std::string& message)
      : std::runtime_error(message), status_(status), path_(std::move(path)) {}
  motet_status status() const { return status_; }
  const std::string& path() const { return path_; }

 private:
  motet_status status_;
  std::string path_;
};

// The pipeline's author must change something: a diagnostic at `path`.
struct ParameterError : Error {
  ParameterError(std::string path, const std::string& message)
      : Error(MOTET_INVALID_PARAMETER, std::move(path), message) {}
};
// This item cannot be processed; others may.
struct ItemError : Error {
  explicit ItemError(const std::string& message, std::string path = {})
      : Error(MOTET_INVALID_ITEM, std::move(path), message) {}
};
// Well-formed, but this plugin cannot do it.
struct UnsupportedError : Error {
  explicit UnsupportedError(const std::string& message, std::string path = {})
      : Error(MOTET_UNSUPPORTED, std::move(path), message) {}
};
// A file could not be read or written.
struct IoError : Error {
  explicit IoError(const std::string& message, std::string path = {}) : Error(MOTET_IO, std::move(path), message) {}
};
// should_cancel() was true.
struct Cancelled : Error {
  Cancelled() : Error(MOTET_CANCELLED, {}, "cancelled") {}
};

// Another stage that this call went through (a slot's filler) has told the host already.
struct AlreadyReported {
  motet_status status;
};

}  // namespace motet
