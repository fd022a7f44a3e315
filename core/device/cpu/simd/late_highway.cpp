// The two functions of Highway's library that its headers call, forwarded to the library, which is opened for the
// first.
//
// Highway measures the processor's timer while its library is loaded: 2.5 ms of each start of the program, a tenth of
// what tokenizing a line takes, and only kernels have any use for it. Linked with the library itself this file would be
// needless.
#include <dlfcn.h>
#include <hwy/targets.h>

#include <string>

#include "base/error.hpp"

namespace hwy {
namespace {

// Mangled: they are C++, and the library has no other way in.
void* in_library(const char* symbol) {
  static void* const library = ::dlopen(MOTET_HWY_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  void* const found = library == nullptr ? nullptr : ::dlsym(library, symbol);
  if (found == nullptr) {
    const char* why = ::dlerror();
    motet::base::fail(
        motet::base::ErrorKind::environment,
        std::string("the cpu's kernels need " MOTET_HWY_LIBRARY ": ") + (why != nullptr ? why : "it cannot be opened"),
        "install it (Debian: libhwy1)");
  }
  return found;
}

}  // namespace

ChosenTarget& GetChosenTarget() {
  static const auto forward = reinterpret_cast<ChosenTarget& (*)()>(in_library("_ZN3hwy15GetChosenTargetEv"));
  return forward();
}

int64_t SupportedTargets() {
  static const auto forward = reinterpret_cast<int64_t (*)()>(in_library("_ZN3hwy16SupportedTargetsEv"));
  return forward();
}

}  // namespace hwy
