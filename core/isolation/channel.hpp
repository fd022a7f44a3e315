// How the host and the process of an isolated stage talk: in turns, one page that both map says whose it is.
//
// A message is a block of its writer's arena; the turn is handed over by a word that the other one watches for a
// moment and then sleeps on. Beside that there is a socket, by which file descriptors travel, and whose end tells each
// side of the other's.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "isolation/arena.hpp"
#include "isolation/descriptor.hpp"

namespace motet::isolation {

// What lies in the page. Only what both sides may write at any time is outside the turns.
struct Control {
  std::atomic<std::uint32_t> turn;
  std::atomic<bool> cancelled;            // the host: the call is wanted no more
  std::atomic<std::uint32_t> progressed;  // the worker: how often it told of progress, and what it said last
  std::atomic<std::uint64_t> done;
  std::atomic<std::uint64_t> total;
  std::uint64_t most_memory_bytes;  // before the first turn: what the worker may take; 0: as much as there is
  Place message;                    // whoever's turn ends: what it says
};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<std::uint64_t>::is_always_lock_free);

enum class Side : std::uint32_t { host = 1, worker = 2 };

class Channel {
 public:
  // The host's new one, and the worker's over what it was given.
  static Channel open() { return {Side::host, memory_file("motet-control", kPageBytes)}; }
  Channel(Side side, Descriptor page);

  // Ends this side's turn. The message must stay as it is until the next turn.
  void pass(const Place& message);
  // What the other side said, once it is this one's turn; nothing where that does not come in time. watch() is for a
  // tenth of a millisecond and takes a processor, sleep() for as long as is said, or until a signal comes.
  std::optional<Place> watch() const;
  std::optional<Place> sleep(std::chrono::milliseconds most) const;

  Control& control() const { return *reinterpret_cast<Control*>(mapping_.bytes().data()); }
  const Descriptor& page() const { return page_; }

 private:
  static constexpr std::size_t kPageBytes = 4096;
  bool mine() const;

  Side side_;
  Descriptor page_;
  Mapping mapping_;
};

// Sends a file descriptor over a socket, and takes one; a failure throws base::Error(environment).
void send_descriptor(int socket, const Descriptor& sent);
Descriptor take_descriptor(int socket);

}  // namespace motet::isolation
