#include "spec/pipeline.hpp"

#include <algorithm>
#include <system_error>

#include "base/error.hpp"
#include "spec/document.hpp"
#include "spec/fields.hpp"
#include "spec/missing_path.hpp"
#include "spec/sections.hpp"

namespace motet::spec {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kVersion = 1;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

void check_version(const Fields& fields, const Node& document, base::Diagnostics& diagnostics) {
  const Node* version = fields.require("motet", document.place, "begin the file with 'motet: 1'");
  if (version == nullptr) return;
  const std::optional<std::int64_t> number = as_int(*version);
  if (number == kVersion) return;
  const std::string found = version->is_scalar() ? "'" + version->text + "'" : std::string(kind_name(version->kind));
  diagnostics.add("M0014", version->place, "the schema's version is " + found + ", this Motet reads version 1",
                  number && *number > kVersion ? "use a newer Motet" : "write 'motet: 1'");
}

std::string default_name(const fs::path& path) {
  if (path.stem() != "pipeline") return path.stem().string();
  std::error_code ignored;
  const fs::path absolute = fs::absolute(path, ignored);
  return absolute.parent_path().filename().string();
}

}  // namespace

bool is_name(std::string_view text) {
  if (text.empty() || !is_letter(text.front())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; });
}

std::optional<Reference> parse_reference(std::string_view text) {
  Reference out;
  out.text = std::string(text);
  const std::size_t dot = text.find('.');
  const std::string_view first = text.substr(0, dot);
  if (!is_name(first)) return std::nullopt;
  if (dot != text.npos) {
    out.port = std::string(text.substr(dot + 1));
    if (!is_name(out.port)) return std::nullopt;
  }
  if (first == "inputs") return out.port.empty() ? std::nullopt : std::optional(out);
  out.stage = std::string(first);
  return out;
}

fs::path pipeline_file(const fs::path& pipeline) {
  std::error_code ignored;
  if (!fs::is_directory(pipeline, ignored)) {
    if (fs::exists(pipeline, ignored)) return pipeline;
    base::fail(base::ErrorKind::user, pipeline.string() + ": no such pipeline",
               missing_path_help(pipeline) + "; it is a YAML file, or a folder with a pipeline.yaml");
  }
  const fs::path file = pipeline / "pipeline.yaml";
  if (fs::exists(file, ignored)) return file.lexically_normal();
  base::fail(base::ErrorKind::user, pipeline.string() + ": the folder holds no pipeline.yaml", "name the YAML file");
}

PipelineSpec parse_pipeline(const Node& document, const fs::path& path, base::Diagnostics& diagnostics) {
  PipelineSpec out;
  out.path = path;
  std::error_code error;
  out.canonical = fs::weakly_canonical(path, error);
  if (error) out.canonical = fs::absolute(path, error).lexically_normal();
  out.file = document.place.file;
  out.name = default_name(path);
  if (!document.is_map()) {
    const std::string what =
        document.is_null() ? "the file is empty" : "the file is " + std::string(kind_name(document.kind));
    diagnostics.add("M0013", document.place, what + ", wanted a map", "a pipeline begins with 'motet: 1'");
    return out;
  }
  const Fields fields(document, "a pipeline",
                      {"motet", "name", "summary", "params", "weights", "inputs", "stages", "outputs"}, diagnostics);
  check_version(fields, document, diagnostics);
  if (const Text name = fields.text("name"); !name.empty()) out.name = name.text;
  out.summary = fields.text("summary").text;
  out.params = read_params(fields, diagnostics);
  out.weights = read_weights(fields, diagnostics);
  out.inputs = read_inputs(fields, diagnostics);
  fields.require("stages", document.place, "add 'stages:' with one stage or more");
  out.stages = read_stages(fields, diagnostics);
  fields.require("outputs", document.place, "add 'outputs:', for example 'outputs: {text: words.text}'");
  out.outputs = read_outputs(fields, diagnostics);
  return out;
}

std::optional<PipelineSpec> load(const fs::path& pipeline, base::Diagnostics& diagnostics) {
  const fs::path file = pipeline_file(pipeline);
  const std::optional<Node> document = load_document(file, diagnostics);
  if (!document) return std::nullopt;
  return parse_pipeline(*document, file, diagnostics);
}

fs::path resolve_path(const PipelineSpec& pipeline, std::string_view text) {
  const fs::path path(text);
  return path.is_absolute() ? path : (pipeline.folder() / path).lexically_normal();
}

}  // namespace motet::spec
