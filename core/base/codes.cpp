#include "base/codes.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace motet::base {
namespace {

// Sorted by code. A room's new codes go to its own hundred.
constexpr auto kCodes = std::to_array<CodeInfo>({
    {"M0001", "the file is not UTF-8 text",
     "Pipeline and family files are UTF-8. The message gives the offset of the first byte that is not, or of a "
     "control\n"
     "character, which YAML does not allow. Often the file was saved as Latin-1 or UTF-16, or is not a text at all.\n"
     "Convert it, for example with `iconv -f LATIN1 -t UTF-8 old.yaml > new.yaml`."},
    {"M0002", "the YAML has a syntax error",
     "The text cannot be read as YAML from the place shown; the mistake may lie a little before it. The usual ones: "
     "an\n"
     "unclosed quote, { or [; a value that holds ': ' or begins with one of {[*&!%@` and is not quoted; a key that is\n"
     "indented differently from its neighbours. `with: {file: ${model}}` must be written `with: {file: "
     "\"${model}\"}`."},
    {"M0003", "a key stands twice in one map",
     "YAML readers differ in which of the two they take, so Motet takes neither:\n"
     "  with: {rate: 16000, rate: 8000}\n"
     "Remove one. In `in:` it would be a doubled edge; a port that takes several values gets a list."},
    {"M0004", "merge keys (<<) are not read",
     "`<<: *defaults` hides where a value came from, and a later YAML dropped it. Write the keys out, or make what is\n"
     "shared a parameter: `params: {rate: {type: int, default: 16000}}` and `rate: \"${rate}\"`."},
    {"M0005", "anchors and aliases are not read",
     "`&name` and `*name` can make a small file into an endless one, and a mistake then has several places. Repeat "
     "the\n"
     "value, or make it a parameter. Where a text should begin with & or *, quote it."},
    {"M0006", "the file holds more than one document",
     "A pipeline is one YAML document, so nothing may follow a second `---`, a `...`, or the end of the top-level "
     "map.\n"
     "Split the file, or indent the rest so that it belongs to the document."},
    {"M0007", "the file is too large or too deep",
     "A file may have 4 MiB, 100,000 values, and nest 64 deep; what its parameters expand to may have 64 MiB. No "
     "pipeline\n"
     "written by people comes near. Put data (label lists, prompts) into files of their own and name their paths."},
    {"M0008", "a tab where only spaces may indent",
     "YAML is indented with spaces. Set the editor to insert spaces, and replace the tabs that are there."},
    {"M0009", "a key is not plain text",
     "Keys are names. Lists, maps and nothing (`: value`) cannot be keys; quote a key that looks like one of them."},
    {"M0010", "tags are not read",
     "`!name` and `!!type` ask a YAML reader to make a special value. Motet knows the wanted type from the key, so "
     "leave\n"
     "the tag out; quote a value that should stay text, as in `stop: [\"1\"]`."},
    {"M0011", "an unknown key",
     "Every key is checked, so that a slip of the fingers does not pass for a default:\n"
     "  stages: {sound: {uses: audio.waveform}}     -- did you mean 'use'?\n"
     "A stage type's own parameters go under `with:`."},
    {"M0012", "a required key is missing",
     "A pipeline needs `motet: 1`, `stages:` and `outputs:`; a parameter and an input need a `type`; `weights:` "
     "written\n"
     "as a map needs `from:`."},
    {"M0013", "a value of the wrong kind",
     "Each key takes text, a list or a map, as docs/pipelines.md says. For example `stages:` is a map from names to\n"
     "stages, not a list, and `with:` is a map from parameters to values."},
    {"M0014", "a schema version that this Motet does not read",
     "The first key of a pipeline is `motet: 1`, the version of the language. A higher number needs a newer Motet."},
    {"M0015", "a name with characters that names cannot have",
     "Names of stages, parameters, inputs, outputs, weights, ports and slots are letters, digits, _ and -, and begin "
     "with\n"
     "a letter or _. A dot separates stage and port in references. `inputs` is not a stage's name, and `env` not a\n"
     "parameter's: `inputs.x` and `${env:X}` mean something else."},
    {"M0016", "a reference that cannot be read",
     "What `in:` and `outputs:` name is a stage, a stage and its port, or an input of the pipeline:\n"
     "  in: {x: encoder}     in: {x: encoder.pooled}     in: {image: inputs.image}"},
    {"M0017", "a stage with both or neither of use and include",
     "`use: audio.waveform` names a stage type, `include: ../transcribe` another pipeline. A stage is one of the two;\n"
     "an included pipeline has its own weights and slots, so only `with` and `in` go beside `include`."},
    {"M0018", "a value that its key does not take",
     "The message lists what may stand there: `once` and `isolate` take true or false; a parameter's type is one of\n"
     "string, text, path, int, float, bool and enum, or a list of them as in `string[]`."},
    {"M0020", "a parameter's declaration contradicts itself",
     "For example a default below `min`, `min` for a text, `choices` for a bool, or an enum without `choices`:\n"
     "  temperature: {type: float, default: 0, min: 0, max: 2}"},
    {"M0021", "an undefined parameter in ${...}",
     "`${name}` stands for a parameter that `params:` declares. In the default of a parameter only those above it are\n"
     "known. For a literal ${ write $${; for an environment variable write ${env:NAME}."},
    {"M0022", "an environment variable that is not set",
     "`${env:NAME}` takes the variable from the environment. Set it, or give a value for when it is not set:\n"
     "  default: \"${env:MOTET_MODELS:-models}/minilm\""},
    {"M0023", "a ${...} that cannot be read",
     "The forms are ${name}, ${env:NAME} and ${env:NAME:-default}. A default ends at the first }. A literal ${ is\n"
     "written $${."},
    {"M0024", "a parameter without a value",
     "The pipeline declares it without a default, so it must be given: `motet run PIPELINE --set model=DIR`, or under\n"
     "`with:` where the pipeline is included."},
    {"M0025", "a parameter's value has the wrong type",
     "The value that was given, or the default, is not what `type:` says. true and false are the only bools; an int "
     "has\n"
     "no point; a list is written [a, b]."},
    {"M0026", "a parameter's value is out of range",
     "It is below `min`, above `max`, or not among the `choices` that the pipeline declares."},
    {"M0027", "the pipeline has no such parameter",
     "Only what `params:` declares can be given with `--set name=value`, or under `with:` where the pipeline is "
     "included."},
});

constexpr bool sorted() {
  for (std::size_t i = 1; i < kCodes.size(); ++i) {
    if (!(kCodes[i - 1].code < kCodes[i].code)) return false;
  }
  return true;
}
static_assert(sorted(), "kCodes is sorted and no code stands twice");

}  // namespace

std::span<const CodeInfo> codes() { return kCodes; }

const CodeInfo* find_code(std::string_view code) {
  if (!code.empty() && (code.front() == 'M' || code.front() == 'm')) code.remove_prefix(1);
  if (code.empty() || code.size() > 4) return nullptr;
  const std::string full = "M" + std::string(4 - code.size(), '0') + std::string(code);
  const auto found = std::find_if(kCodes.begin(), kCodes.end(), [&](const CodeInfo& c) { return c.code == full; });
  return found == kCodes.end() ? nullptr : &*found;
}

}  // namespace motet::base
