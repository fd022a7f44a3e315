// A pipeline's YAML, up to a checked graph with the plugins that Motet ships; or, where it names itself so, the YAML of
// a pipeline's tests. Lines "#set name=value" at its front are given as --set gives them.
//
// Reads with: core/spec/*.cpp core/graph/[!w]*.cpp core/graph/wire.cpp
#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "base/render.hpp"
#include "base/utf8.hpp"
#include "fuzz/stages.hpp"
#include "fuzz/target.hpp"
#include "graph/graph.hpp"
#include "spec/expand.hpp"
#include "spec/test_file.hpp"
#include "support/temporary_folder.hpp"

namespace motet::fuzz {
namespace {

constexpr const char* kIncluded = R"(motet: 1
params: {template: {type: string, default: "{{ messages[0].content }}"}, least: {type: float, default: 0.5, min: 0, max: 2}}
inputs: {heard: audio}
stages:
  sound: {use: audio.waveform, with: {min_seconds: "${least}"}, in: {audio: inputs.heard}}
outputs: {wave: sound}
)";
constexpr const char* kTokenizer =
    R"({"model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "a": 1, "b": 2}}, "pre_tokenizer": {"type": "Whitespace"}})";

// What a pipeline of the corpus may name.
void write_neighbours(const test::TemporaryFolder& folder) {
  folder.write("part.yaml", kIncluded);
  folder.write("tokenizer.json", kTokenizer);
}

spec::GivenParams given_by(std::string_view text, const std::filesystem::path& folder) {
  constexpr std::string_view kSet = "#set ";
  spec::GivenParams given;
  if (base::first_bad_utf8(text)) return given;  // who types bytes that are no text may see them again
  while (text.starts_with(kSet)) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    auto [name, value] = spec::parse_set(text.substr(kSet.size(), end - kSet.size()));
    value.folder = folder;
    given.insert_or_assign(std::move(name), std::move(value));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return given;
}

void read_tests(const std::filesystem::path& path) {
  base::Diagnostics diagnostics;
  (void)spec::load_tests(path, diagnostics);
  if (!diagnostics.empty()) throw base::DiagnosticsError(std::move(diagnostics));
}
}  // namespace

bool pipeline(std::string_view input) {
  static const test::TemporaryFolder folder;
  static const bool neighbours = (write_neighbours(folder), true);
  const std::filesystem::path path = folder.write(neighbours ? "pipeline.yaml" : "", std::string(input));
  try {
    if (input.find("motet-test") != std::string_view::npos) {
      read_tests(path);
    } else {
      (void)graph::resolve(path, given_by(input, folder.path()), built_plugins(), {.checking = host::Checking::on});
    }
    return true;
  } catch (const base::DiagnosticsError& error) {
    return refused(base::render(error.diagnostics(), true));
  } catch (const base::Error& error) {
    return refused(error.what());
  }
}

}  // namespace motet::fuzz
