#include "verify/last_call.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>

#include "base/error.hpp"
#include "host/instance.hpp"

namespace motet::verify {

struct LastCall::Memory {
  char text[256];
};

LastCall::LastCall() : descriptor_(::memfd_create("motet-last-call", MFD_CLOEXEC)), owned_(true) {
  if (descriptor_ < 0 || ::ftruncate(descriptor_, sizeof(Memory)) != 0)
    base::fail(base::ErrorKind::environment, "there is no memory to share with the kit's other process");
  map();
}

LastCall::LastCall(int descriptor) : descriptor_(descriptor) { map(); }

void LastCall::map() {
  void* memory = ::mmap(nullptr, sizeof(Memory), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
  if (memory == MAP_FAILED)
    base::fail(base::ErrorKind::environment, "there is no memory to share with the kit's other process");
  memory_ = static_cast<Memory*>(memory);
}

LastCall::~LastCall() {
  if (memory_ != nullptr) ::munmap(memory_, sizeof(Memory));
  if (owned_) ::close(descriptor_);
}

void LastCall::write(const char* when, const char* function, const char* stage) {
  std::snprintf(memory_->text, sizeof memory_->text, "%s %s of stage '%s'", when, function, stage);
}

void LastCall::entering(const host::Instance& instance, const char* function) {
  write("in", function, instance.stage().c_str());
}

void LastCall::left(const host::Instance& instance, const char* function) {
  write("after", function, instance.stage().c_str());
}

void LastCall::note(const char* what) { std::snprintf(memory_->text, sizeof memory_->text, "%s", what); }

std::string LastCall::text() const { return memory_->text; }

}  // namespace motet::verify
