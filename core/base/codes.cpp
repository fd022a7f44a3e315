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
     "The message lists what may stand there: `once` takes true or false, and `isolate` that or\n"
     "{timeout_ms: 60000, memory_mb: 4096}; a parameter's type is one of string, text, path, int, float, bool and "
     "enum, or a\n"
     "list of them as in `string[]`."},
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
    {"M0030", "a test case with both or neither of out and error",
     "A case says what must come of its inputs: `out: {text: hello}` with one output or more, or `error: a part of "
     "the\n"
     "message`, or `error: {code: M0026}`."},
    {"M0031", "a test names what its pipeline does not have",
     "`in:` names inputs of the pipeline, `out:` its outputs; `motet check PIPELINE` lists both."},
    {"M0101", "a stage that is not there",
     "An `in:` or an output names a stage that the pipeline does not have. Names are the keys under `stages:`; inputs "
     "of the\n"
     "pipeline are written inputs.NAME:\n"
     "  in: {x: encoder}     in: {audio: inputs.audio}"},
    {"M0102", "an input that is not there",
     "inputs.NAME stands for what the pipeline gets from outside, and NAME must be under `inputs:` at the top."},
    {"M0103", "an output that the stage does not have",
     "STAGE.PORT names one of the outputs of a stage's type, or of an included pipeline. `motet inspect TYPE` lists "
     "them;\n"
     "the stage's name alone is its first one."},
    {"M0104", "an included pipeline that cannot be read",
     "`include:` takes the path of a pipeline's file or of its folder, from where the including file lies."},
    {"M0105", "pipelines that include each other",
     "A pipeline includes itself, directly or through others, and so would never end. Take one of the includes out; "
     "what\n"
     "both need can be a third pipeline."},
    {"M0106", "an input that the included pipeline does not have",
     "The keys under `in:` of an included pipeline are the names under its own `inputs:`."},
    {"M0107", "an input with more than one value",
     "One edge leads to one input. Where values are to be joined, a stage must do it; where several items are meant, "
     "give\n"
     "them to the pipeline as a list (`text[]`) or as items of the run."},
    {"M0108", "an input of an included pipeline that is not connected",
     "Everything under the `inputs:` of an included pipeline must be given:\n"
     "  heard: {include: ../transcribe, in: {audio: inputs.audio}}"},
    {"M0109", "weights that are not declared",
     "`weights: NAME` of a stage names a file that the top of the pipeline declares:\n"
     "  weights: {clip: \"${model}\"}\n"
     "  stages: {words: {use: decoder.transformer, weights: clip}}"},
    {"M0110", "an unknown stage type",
     "No plugin offers the type that `use:` names. `motet plugins` lists the plugins, their types, and the files that "
     "were\n"
     "refused and why. A plugin elsewhere is found with --plugins DIR or in the folders of MOTET_PLUGINS."},
    {"M0111", "a stage type that several plugins offer",
     "Two plugins have a stage type of this name, so it must be said which is meant: `use: PLUGIN:TYPE`."},
    {"M0112", "an operation that two plugins bring",
     "Plugins may bring operations of their own, which all stages of a pipeline can use by their id. Two plugins whose "
     "stages\n"
     "are in this pipeline chose the same id, so it would not be clear what it means. `motet plugins` lists what each "
     "brings."},
    {"M0120", "a parameter that the stage type does not have",
     "The keys under `with:` are the parameters of the stage's type. `motet inspect TYPE` lists them."},
    {"M0121", "a required parameter is missing",
     "The stage type has no default for it. `motet inspect TYPE` says what it means."},
    {"M0122", "a stage's parameter of the wrong type",
     "A bool is true or false, an int has no point, a path and a string are text, strings are a list of texts. A "
     "number that\n"
     "should stay a text is quoted."},
    {"M0123", "a stage's parameter out of range", "The stage type gives the bounds; `motet inspect TYPE` shows them."},
    {"M0124", "a stage's parameter is none of its choices",
     "The parameter takes one of a few words; `motet inspect TYPE` lists them."},
    {"M0125", "a path that leads nowhere",
     "Relative paths in a pipeline start where its file lies; those given with --set start in the working directory."},
    {"M0130", "a slot that the stage type does not have",
     "The keys under `slots:` are the slots of the stage's type. `motet inspect TYPE` lists them with the kind of "
     "stage that\n"
     "fits."},
    {"M0131", "a slot filled with the wrong kind of stage",
     "A slot takes stage types of one kind, since its owner calls them in a way that only these know. The message "
     "lists the\n"
     "installed ones."},
    {"M0132", "a slot that must be filled",
     "The stage cannot work without it:\n"
     "  slots: {text: {use: tokenizer, with: {file: \"${model}\"}}}"},
    {"M0133", "several inputs, and no word which",
     "`in: STAGE` is for stage types with one input. Where there are more, name them: in: {a: seen, b: said}."},
    {"M0134", "an input that the stage type does not have",
     "The keys under `in:` are the inputs of the stage's type. `motet inspect TYPE` lists them. Inputs that a slot's "
     "owner\n"
     "gives cannot be connected."},
    {"M0135", "an input that is not connected",
     "Every input that is not optional needs a value: in: {x: STAGE}, in: {x: STAGE.PORT} or in: {x: inputs.NAME}."},
    {"M0136", "a stage without outputs", "The stage's type gives nothing on, so nothing can be connected to it."},
    {"M0137", "stages that wait for each other",
     "The edges form a circle, and no stage in it could ever begin. Values flow one way through a pipeline; what "
     "repeats\n"
     "(the words that a model generates) happens inside a stage."},
    {"M0140", "a stage refused what it was given",
     "The plugin looked at its parameters, files, weights and inputs, and cannot work with them; the message is its "
     "own.\n"
     "`motet inspect TYPE` tells what it takes."},
    {"M0141", "a stage that cannot be isolated",
     "`isolate: true` runs a host stage in a process of its own, together with what fills its slots. Stages that "
     "compute on\n"
     "the device run no code on values, so there is nothing to isolate; what fills a slot runs where its owner runs."},
    {"M0201", "a type that does not exist",
     "An input of a pipeline is a text, image, audio, table or tokens, a list of them as text[], or a tensor with its "
     "element\n"
     "type and sizes, a number or a letter each: f32[T, 80]."},
    {"M0206", "types do not fit on an edge",
     "What one stage gives is of another kind than the next one takes: a text where tokens are wanted, say. The "
     "message shows\n"
     "both ends. A stage between them must translate (a tokenizer makes tokens of text); the help names those that "
     "are\n"
     "installed."},
    {"M0207", "shapes do not fit on an edge",
     "Both ends are tensors, but a size differs. Letters stand for sizes that only have to agree among each other, so "
     "the\n"
     "number may come from stages farther back, or from the weights. The usual reasons: the wrong output port (hidden\n"
     "instead of pooled), or weights of another part of the model."},
    {"M0300", "weights that cannot be read",
     "The path must lead to a .safetensors or .gguf file, to model.safetensors.index.json, or to a folder with one of "
     "them.\n"
     "A file that is cut off or damaged is refused as a whole: fetch it again."},
    {"M0301", "a weight that the file does not have",
     "The stage looks for a tensor under a name that is not in the file. The nearest names are shown. Usually the "
     "family is\n"
     "not the model's, or `weights: {from: NAME, prefix: ...}` lacks the prefix."},
    {"M0302", "a weight of another shape",
     "The tensor is there, but not of the size that the stage's parameters ask for: the config.json and the weights "
     "are of\n"
     "different models, or the family reads the configuration otherwise."},
    {"M0303", "a stage that needs weights has none",
     "Declare the file at the top and name it in the stage:\n"
     "  weights: {clip: \"${model}\"}\n"
     "  stages: {words: {use: decoder.transformer, weights: clip}}"},
    {"M0304", "a weight of an element type that is not taken",
     "Stages compute with F32, F16 and BF16 of safetensors, and with F32, F16, BF16, Q8_0, Q4_0, Q4_1,\n"
     "Q5_0, Q5_1, Q4_K, Q5_K and Q6_K of GGUF; with I32 where a stage asks for whole numbers. A tensor\n"
     "of another type is not the one that was meant, or its file must be converted."},
    {"M0305", "a weight that cannot be split",
     "The family says that one tensor holds several weights (query, key and value in one), but its first size is not "
     "a\n"
     "multiple of their number: the family does not fit the file."},
    {"M0400", "a plugin that cannot be used",
     "Its library cannot be loaded, was built for another version of the contract, or does not agree with its "
     "manifest.\n"
     "`motet plugins` shows where it comes from. Build it anew against this Motet."},
    {"M0401", "a plugin broke its contract",
     "The plugin did what a plugin must not do; `motet explain C017` tells of the rule that is named. That is a "
     "mistake in\n"
     "the plugin, not in the pipeline: tell its author."},
    {"M0402", "the process of an isolated stage ended",
     "The stage's plugin crashed, ended its process or did not answer in time (`isolate: {timeout_ms: 60000}`) while "
     "the stage\n"
     "was made; the message says which. At run time the same is the failure of one item, and the next gets a fresh\n"
     "process; a stage that cannot even be made is a mistake in the plugin: tell its author."},
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
