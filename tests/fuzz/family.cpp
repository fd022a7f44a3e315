// A family file, with a config.json after the separator: an encoder and a decoder of it over little weights.
//
// Reads with: plugins/transformer/family.cpp plugins/transformer/canonical.cpp core/graph/weights.cpp
// Reads with: core/host/document_yaml.cpp core/host/document_json.cpp
#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "base/render.hpp"
#include "fuzz/stages.hpp"
#include "fuzz/target.hpp"
#include "graph/graph.hpp"
#include "plugins/transformer/tiny_family.hpp"

namespace motet::fuzz {
namespace {

const test::Tiny kTiny{.layers = 1, .memory = 5};

std::string only_number(std::uint64_t number) { return {reinterpret_cast<const char*>(&number), sizeof number}; }

// A GGUF file with a few sizes and no tensors.
std::string little_gguf() {
  std::string out = std::string("GGUF") + std::string("\3\0\0\0", 4) + only_number(0) + only_number(2);
  for (const std::string key : {"size", "tiny.layers"})
    out += only_number(key.size()) + key + std::string("\4\0\0\0\2\0\0\0", 8);
  return out;
}

void write_neighbours(const test::TemporaryFolder& folder) {
  test::write_model(folder, kTiny, test::made_weights(kTiny, 3));
  folder.write("encoder.yaml", test::encoder_pipeline());
  folder.write("decoder.yaml", test::decoder_pipeline(kTiny, 4));
  folder.write("model.gguf", little_gguf());
  std::string gguf = test::encoder_pipeline();
  gguf.replace(gguf.find("model: ."), 8, "model: ./model.gguf");
  folder.write("gguf.yaml", gguf);
}

bool resolves(const std::filesystem::path& path) {
  try {
    (void)graph::resolve(path, {}, built_plugins(), {.checking = host::Checking::on});
    return true;
  } catch (const base::DiagnosticsError& error) {
    return refused(base::render(error.diagnostics(), false));
  } catch (const base::Error& error) {
    return refused(error.what());
  }
}
}  // namespace

bool family(std::string_view input) {
  static const test::TemporaryFolder folder;
  static const bool neighbours = (write_neighbours(folder), true);
  const auto [yaml, config] = halves(input);
  folder.write("family.yaml", std::string(yaml));
  folder.write("config.json", config.empty() ? R"({"size": 12, "act": "gelu"})" : std::string(config));
  const bool encodes = resolves(folder.path() / "encoder.yaml");
  const bool decodes = resolves(folder.path() / "decoder.yaml");
  const bool reads_gguf = resolves(folder.path() / "gguf.yaml");
  return neighbours && (encodes || decodes || reads_gguf);
}

}  // namespace motet::fuzz
