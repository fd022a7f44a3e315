#include "faults/trials.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <new>
#include <stdexcept>
#include <unordered_set>

#include "faults/judge.hpp"

namespace motet::test {
namespace {

constexpr std::size_t kMostCalls = 1u << 22, kMostFindings = 4096, kMostErrors = 256;
constexpr std::size_t kTrialsBetween = 64;  // runs that nothing happens to

struct WrittenFinding {
  std::uint64_t n;
  char what[1000];
  motet_fault_report from;
};
struct WrittenError {
  char text[300];
  std::uint64_t count;
};

// What the process that tries tells the one that waits for it: it may crash at any time.
struct Told {
  std::uint64_t calls, stacks, count;  // `count` numbers are to be tried
  std::uint64_t at;                    // the one that is being tried, of them
  bool trying;                         // it is; what happens otherwise is no fault's doing
  std::uint64_t tried, unharmed, exempted;
  std::uint64_t findings, errors;
  motet_fault_report from;
  char wanted[2000];
  WrittenFinding finding[kMostFindings];
  WrittenError error[kMostErrors];
  std::uint64_t stack[kMostCalls];
  std::uint64_t number[kMostCalls];
};

template <std::size_t kSize>
void put(char (&to)[kSize], const std::string& text) {
  std::strncpy(to, text.c_str(), kSize - 1);
  to[kSize - 1] = '\0';
}

class Shared {
 public:
  Shared() {
    void* memory = ::mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("no memory to share with the process that tries");
    told_ = static_cast<Told*>(memory);
  }
  ~Shared() { ::munmap(told_, sizeof(Told)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  Told& operator*() const { return *told_; }
  Told* operator->() const { return told_; }

 private:
  Told* told_;
};

std::int64_t open_files() {
  const std::filesystem::directory_iterator files("/proc/self/fd");
  return std::distance(begin(files), end(files));
}

bool is_exempt(const motet_fault_report& from, std::span<const Exempt> exempt) {
  const std::string_view module = allocator(from);
  for (const Exempt& one : exempt) {
    if (module.find(one.module) != std::string_view::npos) return true;
  }
  return false;
}
struct Held {
  std::int64_t blocks, maps, files, others;
};

// In the process that tries.
class Trying {
 public:
  Trying(const MakeScene& make, motet_fault_kind kind, const TrialOptions& options, Told& told)
      : kind_(kind), options_(options), told_(told), scene_(make()) {}

  // Libraries and caches are where they will be, and the numbers to be tried are known.
  void prepare() {
    for (int i = 0; i < 2; ++i) wanted_ = scene_->run();
    if (told_.count == 0) {
      put(told_.wanted, wanted_);
      record();
    }
    held_ = held();
  }

  void try_from(std::uint64_t first) {
    for (std::uint64_t at = first; at < told_.count; ++at) {
      told_.at = at;
      told_.trying = true;
      ++told_.tried;
      judge_one(attempt(told_.number[at]));
      look_for_leaks(told_.number[at]);
      if (at % kTrialsBetween == kTrialsBetween - 1 || at + 1 == told_.count || told_.count < kTrialsBetween)
        look_after();
      told_.trying = false;
    }
  }

 private:
  void judge_one(const Outcome& outcome) {
    if (outcome.error.empty()) {
      ++told_.unharmed;
    } else {
      count(outcome.error);
    }
    const std::string wrong = judge(kind_, outcome, wanted_);
    if (wrong.empty()) return;
    if (!outcome.error.empty() && is_exempt(told_.from, options_.exempt)) {
      ++told_.exempted;
    } else {
      find(wrong);
    }
  }

  void record() {
    motet_faults_count(kind_, told_.stack, kMostCalls, options_.frames);
    (void)scene_->run();
    told_.calls = motet_faults_stop();
    if (told_.calls > kMostCalls) throw std::runtime_error("more calls than are kept");
    std::unordered_set<std::uint64_t> seen;
    for (std::uint64_t n = 1; n <= told_.calls; ++n) {
      const bool first = seen.insert(told_.stack[n - 1]).second;
      if ((first || options_.all) && n >= options_.first && n <= options_.last) told_.number[told_.count++] = n;
    }
    told_.stacks = seen.size();
  }

  // Of Vulkan's calls its objects alone: drivers keep memory of their own, and give it back when they like.
  Held held() const {
    if (kind_ == MOTET_FAULT_OTHER) return {0, 0, 0, scene_->held()};
    return {motet_faults_blocks(), motet_faults_maps(), open_files(), scene_->held()};
  }

  // With the n-th call failing; a run that takes too long ends the process.
  Outcome attempt(std::uint64_t n) {
    ::alarm(options_.limit_s);
    motet_faults_fail(kind_, n, &told_.from);
    Outcome outcome = outcome_of([&] { return scene_->run(); });
    motet_faults_stop();
    ::alarm(0);
    outcome.happened = told_.from.happened != 0;
    return outcome;
  }

  // What is held after a fault may be a cache's; what the same fault takes each time again is lost.
  void look_for_leaks(std::uint64_t n) {
    const auto more = [](const Held& now, const Held& before) {
      return now.blocks > before.blocks || now.maps > before.maps || now.files > before.files ||
             now.others > before.others;
    };
    Held now = held();
    for (int again = 0; again < 3 && more(now, held_); ++again) {
      if (again == 2) {
        find("leaks: " + std::to_string(now.blocks - held_.blocks) + " blocks, " +
             std::to_string(now.maps - held_.maps) + " maps, " + std::to_string(now.files - held_.files) + " files, " +
             std::to_string(now.others - held_.others) + " other objects a run");
        break;
      }
      held_ = now;
      (void)attempt(n);
      now = held();
    }
    held_ = now;
  }

  // After what failed, all is as ever.
  void look_after() {
    check_after();
    held_ = held();
  }
  void check_after() {
    ::alarm(options_.limit_s);
    const Outcome after = outcome_of([&] { return scene_->run(); });
    ::alarm(0);
    if (!after.error.empty()) find("afterwards, with nothing failing: " + after.error);
    if (after.error.empty() && after.result != wanted_) find("afterwards, with nothing failing: " + after.result);
  }

  void find(const std::string& what) {
    if (told_.findings == kMostFindings) return;
    WrittenFinding& finding = told_.finding[told_.findings++];
    finding.n = told_.number[told_.at];
    finding.from = told_.from;
    put(finding.what, what);
  }

  void count(const std::string& error) {
    WrittenError written{};
    put(written.text, error);
    for (std::uint64_t i = 0; i < told_.errors; ++i) {
      if (std::strcmp(told_.error[i].text, written.text) != 0) continue;
      ++told_.error[i].count;
      return;
    }
    if (told_.errors == kMostErrors) return;
    written.count = 1;
    told_.error[told_.errors++] = written;
  }

  motet_fault_kind kind_;
  const TrialOptions& options_;
  Told& told_;
  std::unique_ptr<Scene> scene_;
  std::string wanted_;
  Held held_{};
};

// Runs what is left; returns how the process ended.
int in_a_process(const MakeScene& make, motet_fault_kind kind, const TrialOptions& options, Told& told,
                 std::uint64_t first) {
  const pid_t process = ::fork();
  if (process < 0) throw std::runtime_error("fork failed");
  if (process == 0) {
    for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM}) ::signal(signal, SIG_DFL);  // not ours
    {
      Trying trying(make, kind, options, told);
      trying.prepare();
      trying.try_from(first);
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(process, &status, 0);
  return status;
}

std::string ending(int status, unsigned limit_s) {
  if (WIFEXITED(status)) return "the process ended itself, with status " + std::to_string(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  if (signal == SIGALRM) return "hangs: it is not done after " + std::to_string(limit_s) + " s";
  return std::string("crashes: ") + strsignal(signal);
}

}  // namespace

Trials try_faults(const MakeScene& make, motet_fault_kind kind, const TrialOptions& options) {
  const Shared told;
  Trials out;
  std::uint64_t first = 0;
  do {
    const int status = in_a_process(make, kind, options, *told, first);
    if (status == 0) break;
    if (!told->trying) throw std::runtime_error("without a fault " + ending(status, options.limit_s));
    told->trying = false;
    first = told->at + 1;
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGALRM && is_exempt(told->from, options.exempt)) {
      ++told->exempted;
    } else {
      out.findings.push_back({told->number[told->at], ending(status, options.limit_s), told->from});
    }
  } while (first < told->count);
  out.wanted = told->wanted;
  out.calls = told->calls;
  out.stacks = told->stacks;
  out.tried = told->tried;
  out.unharmed = told->unharmed;
  out.exempted = told->exempted;
  for (std::uint64_t i = 0; i < told->findings; ++i) {
    out.findings.push_back({told->finding[i].n, told->finding[i].what, told->finding[i].from});
  }
  for (std::uint64_t i = 0; i < told->errors; ++i) out.errors[told->error[i].text] = told->error[i].count;
  return out;
}

std::string text(const motet_fault_report& from) {
  std::string out;
  for (std::uint32_t i = 0; i < from.depth; ++i) {
    char offset[32];
    std::snprintf(offset, sizeof offset, "+0x%llx", static_cast<unsigned long long>(from.frames[i].offset));
    const std::string_view module = from.frames[i].module;
    out += "    " + (module.empty() ? "program" : std::string(module)) + offset + "\n";
  }
  return out;
}

}  // namespace motet::test
