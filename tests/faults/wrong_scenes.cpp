#include "faults/wrong_scenes.hpp"

#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <new>
#include <stdexcept>

#include "base/error.hpp"

namespace motet::test {
namespace {

class FunctionScene final : public Scene {
 public:
  explicit FunctionScene(std::string (*body)()) : body_(body) {}
  std::string run() override { return body_(); }

 private:
  std::string (*body_)();
};

MakeScene scene(std::string (*body)()) {
  return [body] { return std::make_unique<FunctionScene>(body); };
}

// Too long for a text without memory of its own.
std::string long_text() { return "a result that is longer than sixteen bytes"; }

// The block goes unless the second allocation throws.
std::string leaking() {
  static int* volatile block;  // which no compiler may leave out
  block = new int(1);
  std::string out = long_text();
  delete block;
  return out;
}

std::string keeping_files() {
  const int file = ::dup(0);
  std::string out = long_text();
  ::close(file);
  return out;
}

// A cache that is filled once, by whoever comes first, is no leak.
std::string caching() {
  static std::unique_ptr<std::string> cache;
  std::string out = long_text();
  static bool failed = false;
  try {
    out += long_text();
  } catch (const std::bad_alloc&) {
    failed = true;
    throw;
  }
  if (failed && !cache) cache = std::make_unique<std::string>(long_text());
  return out;
}

std::string swallowing() {
  try {
    return long_text();
  } catch (const std::bad_alloc&) {
    return "a part";
  }
}

std::string blaming() {
  try {
    return long_text();
  } catch (const std::bad_alloc&) {
    base::fail(base::ErrorKind::user, "the file is wrong");
  }
}

std::string unexpected() {
  try {
    return long_text();
  } catch (const std::bad_alloc&) {
    throw std::logic_error("this cannot be");
  }
}

std::string ending() noexcept { return long_text(); }

std::string hanging() {
  try {
    return long_text();
  } catch (const std::bad_alloc&) {
    while (true) ::pause();
  }
}

// Right but for what it leaves behind.
std::string spoiling() {
  static bool spoilt = false;
  if (spoilt) base::fail(base::ErrorKind::environment, "no memory, still");
  try {
    return long_text();
  } catch (const std::bad_alloc&) {
    spoilt = true;
    throw;
  }
}

std::string right() {
  try {
    return long_text();
  } catch (const std::bad_alloc&) {
    base::fail(base::ErrorKind::environment, "there is not enough memory");
  }
}
}  // namespace

const std::vector<WrongScene>& wrong_scenes() {
  static const std::vector<WrongScene> all = {
      {"right", scene(right), ""},
      {"caching", scene(caching), ""},
      {"leaking", scene(leaking), "leaks: 1 blocks, 0 maps, 0 files"},
      {"keeping files", scene(keeping_files), "leaks: 0 blocks, 0 maps, 1 files"},
      {"swallowing", scene(swallowing), "another result: a part"},
      {"blaming", scene(blaming), "user: the file is wrong"},
      {"unexpected", scene(unexpected), "unexpected: this cannot be"},
      {"ending", scene(ending), "crashes: Aborted"},
      {"hanging", scene(hanging), "hangs: it is not done after 1 s"},
      {"spoiling", scene(spoiling), "afterwards, with nothing failing: environment: no memory, still"},
  };
  return all;
}

}  // namespace motet::test
