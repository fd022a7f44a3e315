#include "isolation/channel.hpp"

#include <linux/futex.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

#include <array>
#include <cstring>
#include <new>

namespace motet::isolation {
namespace {

// In the turn's word: the other side sleeps until it gets the turn.
constexpr std::uint32_t kAsleep = 0x100;

// A hand-over takes less than a microsecond while the other one watches, and some 50 once it sleeps.
constexpr auto kWatch = std::chrono::microseconds(100);
constexpr int kPauses = 64;  // between looks at the clock

std::uint32_t number(Side side) { return static_cast<std::uint32_t>(side); }
Side other(Side side) { return side == Side::host ? Side::worker : Side::host; }

// For words that processes share, which std::atomic's own wait is not for.
void sleep_on(std::atomic<std::uint32_t>& word, std::uint32_t while_it_is, std::chrono::milliseconds most) {
  struct timespec limit{};
  limit.tv_sec = static_cast<time_t>(most.count() / 1000);
  limit.tv_nsec = static_cast<long>(most.count() % 1000 * 1'000'000);
  ::syscall(SYS_futex, &word, FUTEX_WAIT, while_it_is, &limit, nullptr, 0);
}
void wake(std::atomic<std::uint32_t>& word) { ::syscall(SYS_futex, &word, FUTEX_WAKE, 1, nullptr, nullptr, 0); }

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

union ControlBytes {  // aligned as the system wants it
  std::array<char, CMSG_SPACE(sizeof(int))> bytes;
  struct cmsghdr align;
};

}  // namespace

Channel::Channel(Side side, Descriptor page)
    : side_(side), page_(std::move(page)), mapping_(page_.number(), 0, kPageBytes, true) {
  if (side == Side::host) {
    ::new (mapping_.bytes().data()) Control{};
    control().turn.store(number(Side::host), std::memory_order_relaxed);
  }
}

void Channel::pass(const Place& message) {
  Control& shared = control();
  shared.message = message;
  const std::uint32_t before = shared.turn.exchange(number(other(side_)), std::memory_order_acq_rel);
  if ((before & kAsleep) != 0) wake(shared.turn);
}

bool Channel::mine() const { return (control().turn.load(std::memory_order_acquire) & ~kAsleep) == number(side_); }

std::optional<Place> Channel::watch() const {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point end = Clock::now() + kWatch;
  do {
    for (int i = 0; i < kPauses; ++i) {
      if (mine()) return control().message;
      pause();
    }
    ::sched_yield();  // where there are fewer processors than threads, the other side may want this one
  } while (Clock::now() < end);
  return std::nullopt;
}

std::optional<Place> Channel::sleep(std::chrono::milliseconds most) const {
  std::atomic<std::uint32_t>& turn = control().turn;
  const std::uint32_t theirs = number(other(side_));
  std::uint32_t found = theirs;
  const bool marked = turn.compare_exchange_strong(found, theirs | kAsleep, std::memory_order_acq_rel);
  if (marked || found == (theirs | kAsleep)) sleep_on(turn, theirs | kAsleep, most);
  return mine() ? std::optional(control().message) : std::nullopt;
}

void send_descriptor(int socket, const Descriptor& sent) {
  char byte = 0;
  struct iovec data{&byte, 1};
  ControlBytes control{};
  struct msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  struct cmsghdr* head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof(int));
  const int number = sent.number();
  std::memcpy(CMSG_DATA(head), &number, sizeof number);
  if (::sendmsg(socket, &message, MSG_NOSIGNAL) != 1) system_failed("sending shared memory");
}

Descriptor take_descriptor(int socket) {
  char byte = 0;
  struct iovec data{&byte, 1};
  ControlBytes control{};
  struct msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  if (::recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1) system_failed("taking shared memory");
  const struct cmsghdr* head = CMSG_FIRSTHDR(&message);
  if (head == nullptr || head->cmsg_type != SCM_RIGHTS) system_failed("taking shared memory");
  int number = -1;
  std::memcpy(&number, CMSG_DATA(head), sizeof number);
  return Descriptor(number);
}

}  // namespace motet::isolation
