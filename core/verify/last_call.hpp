// The call into the plugin that ran last, in memory that outlives a crash: the parent reads what the child wrote.
#pragma once

#include <string>

#include "host/call.hpp"

namespace motet::verify {

class LastCall final : public host::CallObserver {
 public:
  // Shared memory of its own, empty. Throws Error(environment).
  LastCall();
  // What another process made, by its descriptor.
  explicit LastCall(int descriptor);
  ~LastCall();
  LastCall(const LastCall&) = delete;
  LastCall& operator=(const LastCall&) = delete;

  int descriptor() const { return descriptor_; }
  void entering(const host::Instance& instance, const char* function) override;
  void left(const host::Instance& instance, const char* function) override;
  void note(const char* what);  // what is no call of an instance: "loading the library"
  // "in process of stage 'words'", "after create of stage 'words'", "" where there was none.
  std::string text() const;

 private:
  struct Memory;
  void map();
  void write(const char* when, const char* function, const char* stage);

  int descriptor_ = -1;
  bool owned_ = false;
  Memory* memory_ = nullptr;
};

}  // namespace motet::verify
