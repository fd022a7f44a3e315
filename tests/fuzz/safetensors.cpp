// A safetensors file, or where it begins with '{' (no length that a file may have) the index of a sharded one.
//
// Reads with: core/weights/safetensors*.cpp core/weights/layout.cpp
#include "base/error.hpp"
#include "fuzz/target.hpp"
#include "support/temporary_folder.hpp"
#include "weights/file.hpp"

namespace motet::fuzz {
namespace {

void read(const std::filesystem::path& path) {
  const auto file = weights::open(path);
  for (const std::string& name : file->names()) {
    try {
      const weights::TensorView* view = file->find(name);
      require(view != nullptr, "a tensor that is named is found");
      if (view->bytes.empty()) continue;
      [[maybe_unused]] const volatile std::byte first = view->bytes.front(), last = view->bytes.back();
    } catch (const base::Error& error) {
      refused(error.what());
    }
  }
}

// What an index may name: one tensor in each of two shards.
void write_shards(const test::TemporaryFolder& folder) {
  for (const std::string name : {"a", "b"}) {
    const std::string header = R"({")" + name + R"(":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}})";
    folder.write(name + ".safetensors",
                 std::string{static_cast<char>(header.size())} + std::string(7, '\0') + header + "xyz");
  }
}
}  // namespace

bool safetensors(std::string_view input) {
  static const test::TemporaryFolder folder;
  static const bool shards = (write_shards(folder), true);
  const std::string name = shards && input.starts_with('{') ? "model.safetensors.index.json" : "model.safetensors";
  try {
    read(folder.write(name, std::string(input)));
    return true;
  } catch (const base::Error& error) {
    return refused(error.what());
  }
}

}  // namespace motet::fuzz
