// What checked mode watches over and above what is always checked, and the numbers of the obligations that it names.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace motet::host {

// On in tests and in the conformance kit; it costs an allocation a call.
enum class Checking { off, on };

// The numbers never change their meaning; core/verify has what each asks, docs/obligations.md is made of that.
enum Obligation : int {
  kExportsEntry = 1,
  kAbiVersion = 2,
  kManifestAgrees = 3,
  kTablesWellFormed = 4,
  kNoException = 5,
  kFailureSaysWhy = 6,
  kCreateSetsStage = 7,
  kOutputsSet = 8,
  kOutputKind = 9,
  kOutputRetained = 10,
  kCallNotKept = 11,
  kHostFunctionInItsPhase = 12,
  kOrderOfCalls = 13,
  kConcurrencyDeclared = 14,
  kNegotiatePure = 15,
  kSpecWellFormed = 16,
  kGenerationWellFormed = 17,
  kTokenInVocabulary = 18,
  kOperationWellFormed = 90,
  kOperationShape = 91,
  kOperationPure = 92,
  kOperationRange = 93,
  kOperationFinite = 94,
  kOperationCost = 95,
  kSlotIndexOnce = 113,
};

class Call;

// Obligations that a plugin broke without its call noticing. Any thread.
class CheckLog {
 public:
  explicit CheckLog(Checking checking) : checking_(checking) {}
  ~CheckLog();
  CheckLog(const CheckLog&) = delete;
  CheckLog& operator=(const CheckLog&) = delete;

  bool on() const { return checking_ == Checking::on; }
  struct Violation {
    int obligation = 0;
    std::string message;
  };
  void add(int obligation, std::string message);
  // The oldest one, taken out; obligation 0: none.
  Violation take();
  // Keeps a returned call for a while, so that a plugin that uses it later is noticed rather than reads freed memory.
  void keep(std::unique_ptr<Call> call);

  // Calls for this instance that run now.
  std::atomic<int> running{0};

 private:
  Checking checking_;
  std::mutex mutex_;
  std::vector<Violation> violations_;
  std::vector<std::unique_ptr<Call>> returned_;
};

}  // namespace motet::host
