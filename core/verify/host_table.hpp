// The host's table as a plugin may not hope to see it: bytes that end where memory ends, scratch full of rubbish, calls
// that fail. Everything else is the host's own.
#pragma once

#include <motet/abi.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace motet::verify {

struct HostBehaviour {
  // Behind the last byte that value_view shows is a page that must not be touched.
  bool guarded = false;
  bool read_only = false;  // what value_view shows cannot be written
  // What scratch and tensor_new give is full of this byte: 0xFF is NaN for floats and -1 for numbers.
  std::optional<std::uint8_t> rubbish;
  // The call with this number (from 0) that can fail does, with MOTET_OUT_OF_MEMORY; -1: none.
  std::int64_t failing = -1;
  // Structs are longer than those of this version, and the version is newer.
  bool newer = false;
};

// One at a time in a process: the contract's functions carry nothing that would tell two apart.
class HostTable {
 public:
  explicit HostTable(const HostBehaviour& behaviour);
  ~HostTable();
  HostTable(const HostTable&) = delete;
  HostTable& operator=(const HostTable&) = delete;

  const motet_host* get() const;
  std::int64_t calls() const;          // that could have failed
  const std::string& failed() const;   // the function that was made to fail; "" where none was
  const std::string& mistake() const;  // the first struct that the plugin handed over without its size; "" where none
  void fail_from_now(std::int64_t call);  // as HostBehaviour::failing, counted from here
  // From now on should_cancel says yes from the question with this number on; -1: as the host itself does.
  void cancel_from_now(std::int64_t question);
  std::int64_t questions() const;  // to should_cancel since then

  struct State;  // of the source's own

 private:
  std::unique_ptr<State> state_;
};

// A copy of bytes in pages of its own: at their end, before one that must not be touched, and perhaps read-only. Lives
// as long as this.
class GuardedBytes {
 public:
  GuardedBytes(const void* bytes, std::size_t size_bytes, bool guarded, bool read_only);
  ~GuardedBytes();
  GuardedBytes(GuardedBytes&& other) noexcept;
  GuardedBytes& operator=(GuardedBytes&& other) = delete;
  const void* data() const { return data_; }

 private:
  void* mapping_ = nullptr;
  std::size_t mapped_bytes_ = 0;
  const void* data_ = nullptr;
};

}  // namespace motet::verify
