// test_faults SCENE KIND [--all] [--messages] [--frames N] [--first N] [--last N]: lets call after call fail.
// CMakeLists.txt has the scenes and kinds; --all tries every call, not one of each place that makes them.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "faults/exempt.hpp"
#include "faults/trials.hpp"

using namespace motet::test;

namespace {

const std::map<std::string, std::unique_ptr<Scene> (*)()> kScenes = {{"transcribe", transcribe_scene},
                                                                     {"chat", chat_scene},
                                                                     {"transcribe-vulkan", transcribe_vulkan_scene},
                                                                     {"chat-vulkan", chat_vulkan_scene}};
const std::map<std::string, motet_fault_kind> kKinds = {{"allocation", MOTET_FAULT_ALLOCATION},
                                                        {"read", MOTET_FAULT_READ},
                                                        {"map", MOTET_FAULT_MAP},
                                                        {"vulkan", MOTET_FAULT_OTHER}};

int usage() {
  std::fprintf(stderr, "usage: test_faults SCENE KIND [--all] [--messages] [--frames N] [--first N] [--last N]\n");
  return 2;
}

unsigned long long n(std::uint64_t number) { return number; }

int report(const Trials& trials, bool messages, double seconds) {
  std::printf(
      "%llu calls from %llu places; %llu failed: %zu kinds of error, %llu times the result all the same, "
      "%llu exempt; %.1f s\n",
      n(trials.calls), n(trials.stacks), n(trials.tried), trials.errors.size(), n(trials.unharmed), n(trials.exempted),
      seconds);
  for (const auto& [text, count] : trials.errors) {
    if (messages) std::printf("%6llu %s\n", n(count), text.c_str());
  }
  for (const Finding& finding : trials.findings) {
    std::printf("\ncall %llu: %s\n%s", n(finding.n), finding.what.c_str(), text(finding.from).c_str());
  }
  if (!trials.findings.empty()) std::printf("\n%zu findings\n", trials.findings.size());
  return trials.findings.empty() && trials.tried > 0 ? 0 : 1;
}
}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return usage();
  const auto scene = kScenes.find(argv[1]);
  const auto kind = kKinds.find(argv[2]);
  if (scene == kScenes.end() || kind == kKinds.end()) return usage();
  TrialOptions options;
  options.exempt = kExempt;
  bool messages = false;
  for (int i = 3; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--all") {
      options.all = true;
    } else if (word == "--messages") {
      messages = true;
    } else if (word == "--frames" && i + 1 < argc) {
      options.frames = std::atoi(argv[++i]);
    } else if ((word == "--first" || word == "--last") && i + 1 < argc) {
      (word == "--first" ? options.first : options.last) = std::strtoull(argv[++i], nullptr, 10);
    } else {
      return usage();
    }
  }
  const auto begin = std::chrono::steady_clock::now();
  const Trials trials = try_faults(scene->second, kind->second, options);
  return report(trials, messages, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
}
