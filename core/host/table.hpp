// The functions behind motet_host, one file a group, and what they share.
#pragma once

#include <motet/abi.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

#include "base/error.hpp"
#include "host/call.hpp"

namespace motet::host {

void add_value_functions(motet_host& table);
void add_document_functions(motet_host& table);
void add_weight_functions(motet_host& table);

// A struct that a plugin wrote, or that it will read: only as much of it as both sides know.
template <class Struct>
Struct read_sized(const void* from) {
  std::size_t said = 0;
  std::memcpy(&said, from, sizeof said);
  Struct out{};
  std::memcpy(&out, from, std::min(said, sizeof(Struct)));
  out.struct_size = sizeof(Struct);
  return out;
}
template <class Struct>
void write_sized(const Struct& from, void* to) {
  std::size_t said = 0;
  std::memcpy(&said, to, sizeof said);
  const std::size_t bytes = std::min(said, sizeof(Struct));
  if (bytes > sizeof said) {
    std::memcpy(static_cast<char*>(to) + sizeof said, reinterpret_cast<const char*>(&from) + sizeof said,
                bytes - sizeof said);
  }
}

// nullptr, and noted, where the plugin uses a call that has returned (checked mode keeps those for a while).
Call* live(motet_call* call, const char* function);

inline motet_status failed(Call& call, motet_status status, std::string message) {
  call.set_last_error(std::move(message));
  return status;
}

// What a plugin is told of an error of ours: `error_kind` makes the same kind of it again.
constexpr motet_status status_of(base::ErrorKind kind) {
  switch (kind) {
    case base::ErrorKind::item:
      return MOTET_INVALID_ITEM;
    case base::ErrorKind::environment:
      return MOTET_OUT_OF_MEMORY;
    case base::ErrorKind::cancelled:
      return MOTET_CANCELLED;
    default:
      return MOTET_INVALID_PARAMETER;
  }
}

// Runs a host function's body(Call&), which returns nothing; whatever it throws becomes a status and last_error.
template <class Body>
motet_status host_function(motet_call* given, const char* function, Body&& body) noexcept {
  try {
    Call* call = live(given, function);
    if (call == nullptr) return MOTET_WRONG_ORDER;
    try {
      call->set_last_error({});
      return body(*call);
    } catch (const base::Error& error) {
      return failed(*call, status_of(error.kind()),
                    error.help().empty() ? error.what() : std::string(error.what()) + " (" + error.help() + ")");
    } catch (const std::bad_alloc&) {
      return failed(*call, MOTET_OUT_OF_MEMORY, "out of memory");
    } catch (const std::exception& error) {
      return failed(*call, MOTET_INTERNAL, error.what());
    }
  } catch (...) {  // no memory even for the message
    return MOTET_OUT_OF_MEMORY;
  }
}

// The same for a function that gives an answer rather than a status: where there is no memory for it, the call fails.
template <class Body>
motet_status host_answer(motet_call* given, const char* function, Body&& body) noexcept {
  const motet_status status = host_function(given, function, body);
  if (status == MOTET_OUT_OF_MEMORY && given != nullptr) static_cast<Call*>(given)->lack_memory();
  return status;
}

}  // namespace motet::host
