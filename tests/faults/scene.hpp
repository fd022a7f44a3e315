// What is run while something fails: all of it, from the search for plugins to the result.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace motet::test {

class Scene {
 public:
  virtual ~Scene() = default;
  // The result as text; always the same. Throws what the program's main would catch.
  virtual std::string run() = 0;
  // What it has taken from the world and not given back, beside memory, maps and files.
  virtual std::int64_t held() const { return 0; }
};
using MakeScene = std::function<std::unique_ptr<Scene>()>;

// pipelines/transcribe over a little speech model and pipelines/chat over a little chat model, on the cpu device with
// one thread.
std::unique_ptr<Scene> transcribe_scene();
std::unique_ptr<Scene> chat_scene();
// The same on a Vulkan device, each of whose calls is one of MOTET_FAULT_OTHER.
std::unique_ptr<Scene> transcribe_vulkan_scene();
std::unique_ptr<Scene> chat_vulkan_scene();

}  // namespace motet::test
