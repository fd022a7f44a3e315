// Files and machines that are not as they should be: exactly what is said, and how the program ends. Never a crash, a
// hang or half an output.
#include <nlohmann/json.hpp>

#include "base/mapped_file.hpp"
#include "core/cli/motet.hpp"

using namespace motet::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const std::string kFiles = MOTET_SOURCE_DIR "/tests/bad_yaml/files/";

struct Plugin {  // tests/contract's NAME.so as contract.so, with the manifest of the right one
  explicit Plugin(const std::string& name) {
    fs::copy_file(fs::path(MOTET_BINARY_DIR) / "tests/contract" / (name + ".so"), folder.path() / "contract.so");
    const Said made =
        Command({MOTET_BINARY_DIR "/bin/motet-manifest", MOTET_BINARY_DIR "/tests/contract/right.so"}).finish();
    manifest = json::parse(made.out);
  }
  Said check() const {
    folder.write("contract.motet.json", manifest.dump());
    const std::string pipeline =
        folder
            .write("p.yaml",
                   "motet: 1\ninputs: {x: text}\nstages:\n  s:\n    use: contract.echo\n    with: {count: 2}\n    in: "
                   "inputs.x\n    slots: {text: {use: tokenizer, with: {file: " +
                       kFiles + "little-tokenizer.json}}}\noutputs: {y: s}\n")
            .string();
    Said said = motet_alone({"check", pipeline, "--plugins", folder.path().string()});
    for (std::size_t at; (at = said.err.find(folder.path().string())) != said.err.npos;)
      said.err.replace(at, folder.path().string().size(), "HERE");
    return said;
  }
  TemporaryFolder folder;
  json manifest;
};

std::string loaded(const std::string& reason) {
  return "HERE/p.yaml:5:10: error[M0400]: HERE/contract.so: " + reason +
         "\n    5 |     use: contract.echo\n      |          ^~~~~~~~~~~~~ stage 's' (contract.echo)\n";
}

Said with_test_plugins(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--plugins", MOTET_BINARY_DIR "/tests/cli_plugins"});
  return motet_alone(arguments);
}

// A RIFF file of silence.
std::string wav(int frames, int channels, int rate, int bits, int promised_bytes = -1) {
  const int frame = channels * bits / 8;
  const auto number = [](std::uint32_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
  };
  const auto data = static_cast<std::uint32_t>(frames * frame);
  const auto said = promised_bytes < 0 ? data : static_cast<std::uint32_t>(promised_bytes);
  return "RIFF" + number(36 + said, 4) + "WAVEfmt " + number(16, 4) + number(1, 2) +
         number(static_cast<std::uint32_t>(channels), 2) + number(static_cast<std::uint32_t>(rate), 4) +
         number(static_cast<std::uint32_t>(rate * frame), 4) + number(static_cast<std::uint32_t>(frame), 2) +
         number(static_cast<std::uint32_t>(bits), 2) + "data" + number(said, 4) + std::string(data, '\0');
}

struct Recordings {
  TemporaryFolder folder;
  std::string pipeline = folder
                             .write("hear.yaml",
                                    "motet: 1\ninputs: {audio: audio}\nstages:\n  sound: {use: audio.waveform, with: "
                                    "{min_seconds: 0.1, max_seconds: 2}, in: inputs.audio}\noutputs: {y: sound}\n")
                             .string();
  Said run(const std::string& name, const std::string& bytes, const std::vector<std::string>& more = {}) {
    const std::string file = folder.write(name, bytes).string();
    std::vector<std::string> all{"run", pipeline, "--in", "audio=" + file};
    all.insert(all.end(), more.begin(), more.end());
    return motet_alone(all);
  }
  std::string refusal(const std::string& name, const std::string& bytes) {
    const Said said = run(name, bytes);
    CHECK(said.status == 1);
    CHECK(said.out.empty());
    const std::string begin = "motet: error: stage 'sound' (audio.waveform): " + (folder.path() / name).string() + ": ";
    INFO(said.err);
    REQUIRE(said.err.starts_with(begin));
    return said.err.substr(begin.size());
  }
};

// A safetensors file with one weight.
std::string weights(const std::string& name, const std::string& shape, const std::string& bytes,
                    const std::string& dtype = "F32") {
  std::string header = R"({")" + name + R"(":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":[0,)" +
                       std::to_string(bytes.size()) + "]}}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  std::string out(8, '\0');
  out[0] = static_cast<char>(header.size());
  return out + header + bytes;
}

std::string weights(const std::string& name, const std::string& shape, std::size_t bytes,
                    const std::string& dtype = "F32") {
  return weights(name, shape, std::string(bytes, '\0'), dtype);
}

}  // namespace

TEST_CASE("bad plugin: what is no library, or of another contract, does not count and is named") {
  Plugin plugin("right");
  CHECK(plugin.check().status == 0);
  plugin.manifest["abi"]["major"] = 99;
  Said said = plugin.check();
  CHECK(said.status == 2);
  CHECK(said.err.find("error[M0110]: no stage type 'contract.echo'\n") != said.err.npos);
  CHECK(said.err.find("      |   refused HERE/contract.motet.json: it was built against version 99.1 of the plugin "
                      "contract, this Motet has 1.1: update Motet\n") != said.err.npos);
  plugin.manifest["abi"]["major"] = 0;
  CHECK(plugin.check().err.find("version 0.1 of the plugin contract, this Motet has 1.1: rebuild the plugin\n") !=
        std::string::npos);
  plugin.folder.write("contract.so", "this is no library");
  said = plugin.check();
  CHECK(said.status == 2);
  CHECK(said.err.find("      |   refused HERE/contract.so: it is not a shared library\n") != said.err.npos);
}

TEST_CASE("bad plugin: a library that is not what its manifest says is refused where it is used") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"no_symbol", "[C001] it does not export the symbol motet_plugin, so it is no Motet plugin"},
      {"newer_major",
       "[C002] it was built against version 99.1 of the plugin contract, this Motet has 1.1: update Motet"},
      {"older_major",
       "[C002] it was built against version 0.1 of the plugin contract, this Motet has 1.1: rebuild the "
       "plugin"},
      {"throws", "[C005] an exception escaped from get_factory or extension: not today"},
  };
  for (const auto& [name, reason] : cases) {
    const Said said = Plugin(name).check();
    CHECK(said.err == loaded(reason) + "1 mistake\n");
    CHECK(said.out.empty());
    CHECK(said.status == 2);
  }
  Plugin differs("right");
  differs.manifest["stage_types"][0]["params"][0]["default"] = "b";
  CHECK(differs.check().err ==
        loaded("[C003] it does not agree with its manifest: stage_types[0].params[0].default is \"b\" in the "
               "manifest, \"a\" in the library") +
            "   help: write the manifest anew with `motet-manifest`\n1 mistake\n");
}

TEST_CASE("bad plugin: a stage that throws as it is made, or gives another shape than it declares, is blamed itself") {
  const TemporaryFolder folder;
  const auto file = [&](const std::string& name, const std::string& stages, const std::string& input = "text") {
    return folder.write(name, "motet: 1\ninputs: {x: \"" + input + "\"}\nstages:\n" + stages + "outputs: {y: s}\n")
        .string();
  };
  const std::string throws = file("throws.yaml", "  s: {use: test.thrower, in: inputs.x}\n");
  const Said thrown = with_test_plugins({"check", throws});
  CHECK(thrown.status == 2);
  CHECK(thrown.err == throws +
                          ":4:12: error[M0140]: not today\n    4 |   s: {use: test.thrower, in: inputs.x}\n      |     "
                          "       ^~~~~~~~~~~~ refused by stage 's' (test.thrower)\n   help: `motet inspect "
                          "test.thrower` shows what it "
                          "takes\n1 mistake\n");

  const std::string columns = file("columns.yaml", "  s: {use: test.columns, in: inputs.x}\n");
  CHECK(with_test_plugins({"run", columns, "--in", "x=abc"}).out == "[[1.0,1.0,1.0]]\n");
  const Said narrow = with_test_plugins({"run", columns, "--in", "x=ab"});
  CHECK(narrow.err ==
        "motet: error: stage 's' (test.columns): [C009] process set the output 'y', which is f32[A, 3], to "
        "f32[1, 2]\n");
  CHECK(narrow.out.empty());
  CHECK(narrow.status == 4);

  const std::string wider = file("wider.yaml", "  s: {use: test.wider, in: inputs.x}\n", "f32[3]");
  const Said built = with_test_plugins({"run", wider, "--in", "x=[1, 2, 3]"});
  CHECK(built.err ==
        "motet: error: stage 's' (test.wider) declared f32[B, 3] for its output 'y' and wrote f32[1, 4]\n"
        "   help: the plugin's negotiate and build disagree: report it to its author\n");
  CHECK(built.out.empty());
  CHECK(built.status == 4);
}

TEST_CASE("bad recording: each says what is wrong with it") {
  Recordings recordings;
  CHECK(recordings.refusal("empty.wav", "") == "the file is empty\n");
  CHECK(recordings.refusal("silent.wav", wav(0, 1, 16000, 16)) == "it holds no sound\n");
  CHECK(recordings.refusal("cut.wav", wav(8000, 1, 16000, 16, 32000)) ==
        "it is cut off: its header promises 32000 bytes of sound, 16000 are there\n");
  CHECK(recordings.refusal("head.wav", wav(8000, 1, 16000, 16).substr(0, 30)) ==
        "it is cut off before its sound begins\n");
  const std::string text = recordings.refusal("text.wav", "this is no recording at all, whatever it is called\n");
  CHECK(text.starts_with("it is no recording that can be read here ("));
  CHECK(text.ends_with("); WAV, FLAC, OGG and MP3 can\n"));
  CHECK(recordings.refusal("short.wav", wav(160, 1, 16000, 16)).find("at least 0.1") != std::string::npos);
  CHECK(recordings.refusal("long.wav", wav(48000, 1, 16000, 16)) ==
        "it is longer than 2 s, the most that is taken here: cut it into shorter pieces, or raise max_seconds\n");
  const Said none = motet_alone({"run", recordings.pipeline, "--in", "audio=/nowhere/a.wav"});
  CHECK(none.err == "motet: error: --in audio: /nowhere/a.wav: no such file\n");
  CHECK(none.status == 2);
}

TEST_CASE("odd recording: two channels of 24 bits at 8 kHz are heard as any other") {
  Recordings recordings;
  const Said said = recordings.run("odd.wav", wav(4000, 2, 8000, 24), {"--json"});
  CHECK(said.err.empty());
  REQUIRE(said.status == 0);
  CHECK(json::parse(said.out)["items"][0]["outputs"]["y"].size() == 8000);
}

TEST_CASE("bad recording: of many, one alone fails") {
  Recordings recordings;
  recordings.folder.write("takes/a.wav", wav(1600, 1, 16000, 16));
  recordings.folder.write("takes/b.wav", "no sound");
  recordings.folder.write("takes/c.wav", wav(3200, 1, 16000, 16));
  const fs::path takes = recordings.folder.path() / "takes", out = recordings.folder.path() / "out";
  const Said said = motet_alone({"run", recordings.pipeline, "--in", "audio=" + takes.string(), "--out", out.string()});
  CHECK(said.status == 1);
  CHECK(
      said.err.starts_with("motet: error: stage 'sound' (audio.waveform): " + (takes / "b.wav").string() + ": it is"));
  CHECK(fs::exists(out / "a.y.npy"));
  CHECK_FALSE(fs::exists(out / "b.y.npy"));
  CHECK(fs::exists(out / "c.y.npy"));
}

TEST_CASE("bad weights: cut off anywhere, without the tensor, or of another shape") {
  const TemporaryFolder folder;
  const std::string pipeline =
      folder
          .write(
              "p.yaml",
              "motet: 1\nweights: {w: w.safetensors}\ninputs: {x: \"f32[3]\"}\nstages:\n  s: {use: projector.linear, "
              "with: {weight: right}, weights: w, in: inputs.x}\noutputs: {y: s}\n")
          .string();
  const auto run = [&](const std::string& bytes) {
    folder.write("w.safetensors", bytes);
    return motet_alone({"run", pipeline, "--in", "x=[1, 2, 3]"});
  };
  const std::string whole = weights("right", "[2,3]", 24);
  CHECK(run(whole).out == "[0.0,0.0]\n");
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{4}, std::size_t{8}, std::size_t{40}, whole.size() - 24, whole.size() - 1}) {
    const Said said = run(whole.substr(0, size));
    INFO(size << ": " << said.err);
    CHECK(said.status == 2);
    CHECK(said.out.empty());
    CHECK(said.err.find(":2:14: error[M0300]: ") != said.err.npos);
    CHECK(said.err.ends_with("1 mistake\n"));
  }
  const Said cut = run(whole.substr(0, whole.size() - 1));
  CHECK(cut.err.find("w.safetensors: the tensor 'right' reaches to byte 24 of 23\n") != cut.err.npos);
  CHECK(cut.err.find("   help: the file is cut off, get it again\n") != cut.err.npos);
  const Said missing = run(weights("rigt", "[2,3]", 24));
  CHECK(missing.status == 2);
  CHECK(missing.err.find("error[M0301]: weight 'right' is not in ") != missing.err.npos);
  CHECK(missing.err.find("   help: nearest names: rigt\n") != missing.err.npos);
  const Said shape = run(weights("right", "[2,4]", 32));
  CHECK(shape.status == 2);
  CHECK(shape.err.find("error[M0302]: weight 'right' is [2, 4], wanted [") != shape.err.npos);
}

TEST_CASE("bad weights: elements that a stage does not take are refused by check, with tensor, file and place") {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "w.safetensors").string();
  const std::string pipeline =
      folder
          .write("p.yaml",
                 "motet: 1\nweights: {w: w.safetensors}\ninputs: {x: \"f32[3]\"}\nstages:\n  s:\n    use: "
                 "projector.linear\n    with: {weight: right}\n    weights: w\n    in: inputs.x\noutputs: {y: s}\n")
          .string();
  const auto check = [&](const std::string& dtype, std::size_t bytes) {
    folder.write("w.safetensors", weights("right", "[2,3]", bytes, dtype));
    const Said said = motet_alone({"check", pipeline});
    const Said run = motet_alone({"run", pipeline, "--in", "x=[1, 2, 3]"});
    CHECK(said.status == run.status);
    if (said.status != 0) CHECK(said.err == run.err);
    return said;
  };
  const std::vector<std::tuple<std::string, std::size_t, std::string>> whole = {
      {"I64", 48, "i64"}, {"I32", 24, "i32"}, {"U8", 6, "u8"}, {"BOOL", 6, "bool"}};
  for (const auto& [dtype, bytes, name] : whole) {
    const Said said = check(dtype, bytes);
    INFO(dtype);
    CHECK(said.err ==
          pipeline + ":8:14: error[M0304]: weight 'right' in " + file + " is " + name +
              ", wanted a floating or quantised type\n    8 |     weights: w\n      |              ^\n      |   "
              "s needs it as right\n   help: name the tensor that is meant, or save this one as F32, F16 "
              "or BF16\n1 mistake\n");
    CHECK(said.status == 2);
  }
  for (const auto& [dtype, bytes] : {std::pair("F64", std::size_t{48}), std::pair("F8_E4M3", std::size_t{6})}) {
    const Said said = check(dtype, bytes);
    INFO(said.err);
    CHECK(said.err.starts_with(pipeline + ":8:14: error[M0304]: " + file + ": the tensor 'right' has the type " +
                               dtype + ", which Motet cannot use"));
    CHECK(said.err.find("      |   s needs it as right\n") != said.err.npos);
    CHECK(said.status == 2);
  }
  for (const auto& [dtype, bytes] : {std::pair("F32", 24), std::pair("F16", 12), std::pair("BF16", 12)}) {
    INFO(dtype);
    CHECK(check(dtype, static_cast<std::size_t>(bytes)).status == 0);
  }
  folder.write("w.safetensors", weights("right", "[2,4]", 64, "I64"));
  const Said both = motet_alone({"check", pipeline});
  CHECK(both.err.find("error[M0304]") != both.err.npos);
  CHECK(both.err.find("error[M0302]") != both.err.npos);
  CHECK(both.err.ends_with("2 mistakes\n"));
}

TEST_CASE("weights of whole numbers: a stage that asks for them gets them, on each device") {
  const TemporaryFolder folder;
  const auto file = [&](const std::string& with) {
    return folder
        .write("p.yaml",
               "motet: 1\nweights: {w: w.safetensors}\ninputs: {x: \"f32[3]\"}\nstages:\n  s: {use: test.numbered, "
               "with: {" +
                   with + "}, weights: w, in: inputs.x}\noutputs: {y: s}\n")
        .string();
  };
  folder.write("w.safetensors", weights("row", "[3]", std::string("\1\0\0\0\2\0\0\0\xFD\xFF\xFF\xFF", 12), "I32"));
  for (const char* device : {"cpu", "vulkan"}) {
    INFO(device);
    CHECK(well(with_test_plugins({"run", file(""), "--in", "x=[10, 20, 30]", "--device", device})) ==
          "[11.0,22.0,27.0]\n");
  }
  const Said unasked = with_test_plugins({"check", file("floats: true")});
  CHECK(unasked.err.find(" is i32, wanted a floating or quantised type\n") != unasked.err.npos);
  CHECK(unasked.status == 2);
  folder.write("w.safetensors", weights("row", "[3]", 24, "I64"));
  const Said wider = with_test_plugins({"check", file("")});
  CHECK(wider.err.find(" is i64, wanted i32, or a floating or quantised type\n") != wider.err.npos);
  CHECK(wider.status == 2);
}

TEST_CASE("bad shapes: where both sizes come from is followed through the stages that pass them on") {
  const TemporaryFolder folder;
  folder.write("w.safetensors", weights("row", "[4]", 16));
  const std::string pipeline =
      folder
          .write("p.yaml",
                 "motet: 1\nweights: {w: w.safetensors}\ninputs: {x: \"f32[T, 4]\", z: \"f32[5]\"}\nstages:\n"
                 "  a: {use: test.numbered, weights: w, in: inputs.x}\n"
                 "  b: {use: test.numbered, weights: w, in: a}\n"
                 "  c: {use: retrieval.pool, in: b}\n"
                 "  d: {use: test.numbered, weights: w, in: c}\n"
                 "  match: {use: retrieval.similarity, in: {a: d, b: inputs.z}}\noutputs: {y: match}\n")
          .string();
  const Said said = with_test_plugins({"check", pipeline});
  CHECK(said.err ==
        pipeline +
            ":9:52: error[M0207]: shapes do not fit on inputs.z -> match.b\n"
            "    9 |   match: {use: retrieval.similarity, in: {a: d, b: inputs.z}}\n"
            "      |                                                    ^~~~~~~~ f32[5] from inputs.z, in a batch "
            "f32[B, 5]\n"
            "      |   retrieval.similarity takes f32[M, D]: the last dimension is 5, wanted 4\n"
            "      |   D is 4 since d.y -> match.a (" +
            pipeline + ":9:46)\n      |   d has it from c.y (" + pipeline + ":8:43)\n      |   c has it from b.y (" +
            pipeline + ":7:32)\n      |   b has it from a.y (" + pipeline +
            ":6:43)\n      |   a has it from inputs.x (" + pipeline + ":5:43)\n      |   4 comes from inputs.x (" +
            pipeline + ":3:13)\n      |   5 comes from inputs.z (" + pipeline +
            ":3:29)\n   help: declare inputs.z with 4, or declare inputs.x with 5\n1 mistake\n");
  CHECK(said.status == 2);
}

TEST_CASE("bad template: one that never ends is stopped") {
  const TemporaryFolder folder;
  const std::string loop =
      "{% for a in range(100000) %}{% for b in range(100000) %}{% for c in range(100000) %}{% endfor %}{% endfor %}{% "
      "endfor %}";
  const std::string pipeline =
      folder
          .write("p.yaml",
                 "motet: 1\ninputs: {x: text}\nstages:\n  ask:\n    use: prompt.chat\n    with: {file: " + kFiles +
                     "little-tokenizer.json, template: \"" + loop +
                     "\"}\n    in: {user: inputs.x}\n    slots: {text: {use: tokenizer, with: {file: " + kFiles +
                     "little-tokenizer.json}}}\noutputs: {y: ask}\n")
          .string();
  const Said said = motet_alone({"run", pipeline, "--in", "x=a"});
  CHECK(said.err ==
        "motet: error: stage 'ask' (prompt.chat): the chat template (with.template) cannot be rendered: the template "
        "did not end within 2000000 steps: it seems to loop for ever\n");
  CHECK(said.out.empty());
  CHECK(said.status == 1);
}

TEST_CASE("bad tensor: sizes that the pipeline does not declare are the user's, not the plugin's") {
  const TemporaryFolder folder;
  const std::string pipeline =
      folder
          .write(
              "p.yaml",
              "motet: 1\ninputs: {x: \"f32[2, 3]\"}\nstages:\n  s: {use: retrieval.pool, in: inputs.x}\noutputs: {y: "
              "s}\n")
          .string();
  for (const auto& [given, sizes] : {std::pair("[[1, 2, 3]]", "[1, 3]"), std::pair("[[1, 2], [3, 4]]", "[2, 2]"),
                                     std::pair("[1, 2, 3]", "[3]"), std::pair("[]", "[0]")}) {
    const Said said = motet_alone({"run", pipeline, "--in", std::string("x=") + given});
    CHECK(said.err == std::string("motet: error: --in x: wanted f32[2, 3], got sizes of ") + sizes + "\n");
    CHECK(said.out.empty());
    CHECK(said.status == 2);
  }
}

TEST_CASE("bad prompt: one longer than the model takes is refused, with the limit") {
  const TemporaryFolder folder;
  std::string long_prompt = "[1";
  for (int i = 1; i < 700; ++i) long_prompt += ",2";
  const Said said = motet_little({"run", counting(folder), "--in", "text=a", "--in",
                                  "prompt=" + folder.write("p.json", long_prompt + "]").string()});
  CHECK(said.err ==
        "motet: error: stage 'words': the prompt has 700 tokens, the model takes at most 600 with its answer\n"
        "   help: shorten the input\n");
  CHECK(said.out.empty());
  CHECK(said.status == 1);
}

TEST_CASE("bad machine: no Vulkan driver") {
  const TemporaryFolder folder;
  const std::string drivers = "VK_ICD_FILENAMES=" + folder.write("none.json", "").string();
  const std::string wider = folder
                                .write("w.yaml",
                                       "motet: 1\ninputs: {x: \"f32[2, 3]\"}\nstages:\n  s: {use: retrieval.pool, in: "
                                       "inputs.x}\noutputs: {y: s}\n")
                                .string();
  const std::vector<std::string> run{"run", wider, "--in", "x=[[1, 0, 0], [1, 0, 0]]"};
  std::vector<std::string> vulkan = run;
  vulkan.insert(vulkan.end(), {"--device", "vulkan"});
  const Said said = motet_within({drivers, "VK_DRIVER_FILES="}, vulkan);
  CHECK(said.err.starts_with("motet: error: Vulkan failed while creating a Vulkan instance"));
  CHECK(said.err.ends_with("   help: install a Vulkan driver (mesa-vulkan-drivers), or use --device cpu\n"));
  CHECK(said.out.empty());
  CHECK(said.status == 3);
  CHECK(well(motet_within({drivers, "VK_DRIVER_FILES="}, run)) == "[1.0,0.0,0.0]\n");
}

TEST_CASE("bad machine: where outputs cannot be written nothing is run") {
  const TemporaryFolder folder;
  const std::string pipeline = counting(folder);
  const std::string prompt = "prompt=" + folder.write("p.json", "[2]").string();
  const auto says = [&](const std::string& option, const std::string& value) {
    const Said said = motet_little({"run", pipeline, "--in", "text=a", "--in", prompt, option, value});
    CHECK(said.status == 3);
    CHECK(said.out.empty());
    return said.err;
  };
  const std::string file = folder.write("file", "").string();
  CHECK(says("--out", file + "/folder") == "motet: error: " + file + "/folder: cannot be written: Not a directory\n");
  CHECK(says("--out", "/proc/motet").starts_with("motet: error: /proc/motet: cannot be written: "));
  CHECK(says("--trace", "/proc/trace.json").starts_with("motet: error: /proc: cannot be written: "));
}
