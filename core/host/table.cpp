// The host's table, and its functions for errors, progress and memory.
#include "host/table.hpp"

#include "base/log.hpp"
#include "host/instance.hpp"

namespace motet::host {

Call* live(motet_call* given, const char* function) {
  if (given == nullptr) return nullptr;
  Call* call = static_cast<Call*>(given);
  if (!call->finished()) return call;
  call->instance().checks().add(kCallNotKept,
                                std::string("it called ") + function + " with a motet_call that had returned");
  return nullptr;
}

namespace {

void fail(motet_call* call, motet_status status, const char* path, const char* message) noexcept {
  // Leaves last_error() as it is: its text is what most plugins hand on here.
  try {
    if (Call* alive = live(call, "fail")) alive->fail(status, path, message);
  } catch (...) {  // no memory even for the message
  }
}

const char* last_error(motet_call* call) noexcept {
  Call* alive = live(call, "last_error");
  return alive == nullptr ? "the call has returned" : alive->last_error();
}

void log(motet_call* call, motet_log_level level, const char* message) noexcept {
  (void)host_function(call, "log", [&](Call& c) {
    const auto most = static_cast<motet_log_level>(base::LogLevel::error);
    base::log(static_cast<base::LogLevel>(std::min(level, most)),
              c.instance().stage() + ": " + (message == nullptr ? "" : message));
    return MOTET_OK;
  });
}

void progress(motet_call* call, uint64_t done, uint64_t total) noexcept {
  (void)host_function(call, "progress", [&](Call& c) {
    if (c.progress() != nullptr) c.progress()->progress(c.instance().stage(), done, total);
    return MOTET_OK;
  });
}

int should_cancel(motet_call* call) noexcept {
  const Call* alive = live(call, "should_cancel");
  return alive == nullptr || alive->cancelled() ? 1 : 0;
}

void* scratch(motet_call* call, size_t size_bytes) noexcept {
  void* memory = nullptr;
  (void)host_function(call, "scratch", [&](Call& c) {
    memory = c.scratch(size_bytes);
    return memory == nullptr ? failed(c, MOTET_OUT_OF_MEMORY, "no scratch memory is left") : motet_status{MOTET_OK};
  });
  return memory;
}

motet_host make_table() {
  motet_host table{};
  table.struct_size = sizeof table;
  table.abi_major = MOTET_ABI_MAJOR;
  table.abi_minor = MOTET_ABI_MINOR;
  table.name = "motet";
  table.version = MOTET_PROJECT_VERSION;
  table.fail = fail;
  table.last_error = last_error;
  table.log = log;
  table.progress = progress;
  table.should_cancel = should_cancel;
  table.scratch = scratch;
  add_value_functions(table);
  add_document_functions(table);
  add_weight_functions(table);
  return table;
}

}  // namespace

const motet_host& host_table() {
  static const motet_host table = make_table();
  return table;
}

}  // namespace motet::host
