// The program as its users meet it: what goes to stdout, what to stderr, and how it ends.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/mapped_file.hpp"
#include "core/cli/motet.hpp"

using namespace motet::test;
using nlohmann::json;

namespace {

std::vector<std::string> words(const std::vector<std::string>& arguments) {
  std::vector<std::string> out = motet_words(arguments);
  out.insert(out.end(), {"--plugins", MOTET_BINARY_DIR "/tests/cli_plugins"});
  return out;
}
Said run_motet(const std::vector<std::string>& arguments, const std::string& input = {}) {
  return Command(words(arguments), input).finish();
}

// A pipeline with one stage of `type`, from the input `text` to its outputs.
std::string pipeline(const TemporaryFolder& folder, const std::string& type, const std::string& outputs = "y: s",
                     const std::string& input = "text") {
  return folder
      .write(type + ".yaml", "motet: 1\nparams: {mark: {type: string, default: '!'}}\ninputs: {text: \"" + input +
                                 "\"}\nstages:\n  s: {use: " + type +
                                 (type == "test.shout" ? ", with: {mark: \"${mark}\"}" : "") +
                                 ", in: inputs.text}\noutputs: {" + outputs + "}\n")
      .string();
}

}  // namespace

TEST_CASE("run: the first output and nothing else goes to stdout") {
  const TemporaryFolder folder;
  const std::string shout = pipeline(folder, "test.shout", "y: s, again: s");
  const Said said = run_motet({"run", shout, "--in", "text=Hello"});
  CHECK(said.out == "Hello!\n");
  CHECK(said.err.empty());
  CHECK(said.status == 0);
  CHECK(run_motet({"run", shout, "--in", "text=Hello", "--set", "mark=?"}).out == "Hello?\n");
  CHECK(run_motet({"run", shout, "--in", "text=", "--set", "mark= "}).out == " \n");
  const std::string file = folder.write("hello.txt", "from a file").string();
  CHECK(run_motet({"run", shout, "--in", "text=@" + file}).out == "from a file!\n");
  CHECK(run_motet({"run", shout, "--in", "text=@@" + file}).out == "@" + file + "!\n");
  CHECK(run_motet({"run", shout, "--in", "text=@-"}, "from stdin").out == "from stdin!\n");
}

TEST_CASE("run: a pipeline is a file or its folder") {
  const TemporaryFolder folder;
  folder.write("p/pipeline.yaml",
               "motet: 1\ninputs: {text: text}\nstages:\n  s: {use: test.shout, in: inputs.text}\noutputs: {y: s}\n");
  CHECK(run_motet({"run", (folder.path() / "p").string(), "--in", "text=a"}).out == "a!\n");
}

TEST_CASE("run: JSON holds every output and the timings") {
  const TemporaryFolder folder;
  const Said said =
      run_motet({"run", pipeline(folder, "test.numbers", "y: s.y, ids: s.ids"), "--in", "text=x", "--json"});
  REQUIRE(said.status == 0);
  const json got = json::parse(said.out);
  CHECK(got["items"] ==
        json::parse(R"([{"inputs":{"text":"x"},"outputs":{"y":[[0.1,-3.0],["-Infinity","NaN"]],"ids":[7,11]}}])"));
  CHECK(got["device"] == "cpu");
  CHECK(got["timings"]["stages"]["s"]["calls"] == 1);
  CHECK(got["timings"]["load_ms"].get<double>() > 0);
  CHECK(got["timings"]["total_ms"].get<double>() >= got["timings"]["load_ms"].get<double>());
  CHECK(got["timings"]["generators"] == json::object());
}

TEST_CASE("run: JSON says how a generator went") {
  const TemporaryFolder folder;
  const json got = json::parse(well(motet_little({"run", counting(folder), "--in", "text=abc", "--in",
                                                  "prompt=" + folder.write("p.json", "[7, 3]").string(), "--json"})));
  CHECK(got["items"][0]["outputs"]["tokens"] == json::parse("[4, 5, 6, 7, 8]"));
  std::set<std::string> stages;
  for (const auto& [name, stage] : got["timings"]["stages"].items()) {
    stages.insert(name);
    CHECK(stage["calls"] == 1);
    CHECK(stage["total_ms"].get<double>() > 0);
  }
  CHECK(stages == std::set<std::string>{"codes", "encoder", "words"});
  REQUIRE(got["timings"]["generators"].size() == 1);
  const json words = got["timings"]["generators"]["words"];
  CHECK(words["prompt_tokens"] == 2);
  CHECK(words["steps"] == 5);  // 4 to 8, and the 9 that ends it comes of the last
  CHECK(words["prefill_ms"].get<double>() > 0);
  // A median: the steps' sum and the prompt's time lie within the stage's.
  CHECK(words["step_ms"].get<double>() > 0);
  CHECK(words["step_ms"].get<double>() < got["timings"]["stages"]["words"]["total_ms"].get<double>());
  CHECK(words.size() == 4);
}

TEST_CASE("run: of many items one fails alone") {
  const TemporaryFolder folder;
  const std::string shout = pipeline(folder, "test.shout");
  const std::string items =
      folder
          .write("items.jsonl",
                 "{\"text\":\"a\"}\n{\"text\":\"bad\"}\n\n{\"txet\":\"b\"}\n{\"text\":3}\nno json\n{\"text\":\"c\"}")
          .string();
  const Said said = run_motet({"run", shout, "--in", "@" + items});
  CHECK(said.out == "a!\nc!\n");
  CHECK(said.status == 1);
  CHECK(said.err.find("items.jsonl:2: stage 's' (test.shout): it is bad") != said.err.npos);
  CHECK(said.err.find("items.jsonl:4: the pipeline has no input 'txet'\n   help: did you mean 'text'?") !=
        said.err.npos);
  CHECK(said.err.find("items.jsonl:5: input 'text': wanted a text in quotes, got number") != said.err.npos);
  CHECK(said.err.find("items.jsonl:6:") != said.err.npos);
  const json got =
      json::parse(run_motet({"run", shout, "--in", "@-", "--json"}, "{\"text\":\"bad\"}\n{\"text\":\"c\"}\n").out);
  CHECK(got["items"][0]["error"]["message"] == "stage 's' (test.shout): it is bad");
  CHECK_FALSE(got["items"][0].contains("outputs"));
  CHECK(got["items"][1]["outputs"]["y"] == "c!");
}

TEST_CASE("run: more items than a session works on at once keep their order") {
  const TemporaryFolder folder;
  std::string lines, expected;
  for (int i = 0; i < 75; ++i) {
    lines += "{\"text\":\"" + std::to_string(i) + "\"}\n";
    expected += std::to_string(i) + "!\n";
  }
  CHECK(run_motet({"run", pipeline(folder, "test.shout"), "--in", "@-"}, lines).out == expected);
}

TEST_CASE("run: a folder or a pattern is many items") {
  const TemporaryFolder folder;
  const std::string shout = pipeline(folder, "test.shout");
  folder.write("in/b.txt", "two");
  folder.write("in/a.txt", "one");
  folder.write("in/.hidden", "no");
  CHECK(run_motet({"run", shout, "--in", "text=@" + (folder.path() / "in").string()}).out == "one!\ntwo!\n");
  CHECK(run_motet({"run", shout, "--in", "text=@" + (folder.path() / "in" / "b*").string()}).out == "two!\n");
  const Said none = run_motet({"run", shout, "--in", "text=@" + (folder.path() / "in" / "z*").string()});
  CHECK(none.status == 2);
  CHECK(none.err.find("no file matches") != none.err.npos);
  const std::string out = (folder.path() / "out").string();
  CHECK(run_motet({"run", shout, "--in", "text=@" + (folder.path() / "in").string(), "--out", out}).status == 0);
  CHECK(motet::base::read_file(out + "/a.y.txt") == "one!\n");
  CHECK(motet::base::read_file(out + "/b.y.txt") == "two!\n");
}

TEST_CASE("run: a list is JSON, or a file with an element a line") {
  const TemporaryFolder folder;
  const std::string count = pipeline(folder, "test.count", "y: s", "text[]");
  CHECK(run_motet({"run", count, "--in", R"(text=["a b","c"])"}).out == "2|a b|c\n");
  CHECK(run_motet({"run", count, "--in", "text=@" + folder.write("l.txt", "one\r\ntwo\n\nfour").string()}).out ==
        "4|one|two||four\n");
  const Said said = run_motet({"run", count, "--in", "text=a"});
  CHECK(said.status == 2);
  CHECK(said.err.find("is a list, text[]") != said.err.npos);
}

TEST_CASE("run: outputs to files, whole or not at all") {
  const TemporaryFolder folder;
  const std::string numbers = pipeline(folder, "test.numbers", "y: s.y, ids: s.ids");
  const std::string out = (folder.path() / "new" / "folder").string();
  const Said said = run_motet({"run", numbers, "--in", "text=x", "--out", out, "--json"});
  REQUIRE(said.status == 0);
  CHECK(json::parse(said.out)["items"][0]["outputs"]["y"] == out + "/y.npy");
  const std::string npy = motet::base::read_file(out + "/y.npy");
  CHECK(npy.substr(0, 6) == "\x93NUMPY");
  CHECK(npy.find("'shape': (2, 2)") != npy.npos);
  CHECK(npy.size() == 128 + 16);
  CHECK(motet::base::read_file(out + "/ids.json") == "[7,11]\n");
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(out))
    files += entry.path().filename().string().size() > 0;
  CHECK(files == 2);  // nothing half-written is left
  const std::string blocked = folder.write("file", "x").string() + "/folder";
  const Said cannot = run_motet({"run", numbers, "--in", "text=x", "--out", blocked});
  CHECK(cannot.status == 3);
  CHECK(cannot.out.empty());
  CHECK(cannot.err.find("cannot be written") != cannot.err.npos);
}

TEST_CASE("run: wrong inputs are named, with what to do") {
  const TemporaryFolder folder;
  const std::string shout = pipeline(folder, "test.shout");
  const auto says = [&](const std::vector<std::string>& more, const std::string& message) {
    std::vector<std::string> all{"run", shout};
    all.insert(all.end(), more.begin(), more.end());
    const Said said = run_motet(all);
    INFO(said.err);
    CHECK(said.status == 2);
    CHECK(said.out.empty());
    CHECK(said.err.find(message) != said.err.npos);
  };
  says({}, "input 'text' (text) is missing\n   help: add --in text=VALUE");
  says({"--in", "txt=a"}, "the pipeline has no input 'txt'\n   help: did you mean 'text'?");
  says({"--in", "text=a", "--in", "text=b"}, "--in text is given twice");
  says({"--in", "text"}, "--in text has no value");
  says({"--in", "text=a", "text=b"}, "did you mean '--in text=b'?");
  says({"--in", "text=@nowhere.txt"}, "--in text: nowhere.txt: no such file");
  says({"--in", "text=a\xff"}, "not UTF-8 text at byte 1");
  says({"--in", "@nowhere.jsonl"}, "nowhere.jsonl: no such file");
  says({"--in", "text=a", "--set", "mark=1", "--set", "mark=2"}, "--set mark is given twice");
  says({"--in", "text=a", "--threads", "-1"}, "--threads is -1");
  says({"--in", "text=a", "--jsn"}, "did you mean '--json'?");
}

TEST_CASE("run: a device that is not there") {
  const TemporaryFolder folder;
  const Said said = run_motet({"run", pipeline(folder, "test.shout"), "--in", "text=a", "--device", "abacus"});
  CHECK(said.status == 3);
  CHECK(said.err.find("there is no device 'abacus'\n   help: this machine has: auto, cpu") != said.err.npos);
}

TEST_CASE("run: a plugin that crashes is named") {
  const TemporaryFolder folder;
  const std::string crash = pipeline(folder, "test.crash");
  for (const auto& [text, name] :
       {std::pair("x", "SIGSEGV"), std::pair("abort", "SIGABRT"), std::pair("deep", "SIGSEGV")}) {
    const Said said = run_motet({"run", crash, "--in", std::string("text=") + text});
    CHECK(said.status == 4);
    CHECK(said.out.empty());
    CHECK(said.err.find(std::string("motet: the plugin code of stage 's' crashed (") + name) != said.err.npos);
  }
}

TEST_CASE("run: a plugin that throws breaks its contract") {
  const TemporaryFolder folder;
  const Said said = run_motet({"run", pipeline(folder, "test.shout"), "--in", "text=throw"});
  CHECK(said.status == 4);
  CHECK(said.err.find("a surprise") != said.err.npos);
}

TEST_CASE("run: Ctrl-C ends it") {
  const TemporaryFolder folder;
  Command command(words({"run", pipeline(folder, "test.sleep"), "--in", "text=x", "--json"}));
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  command.send(SIGINT);
  const Said said = command.finish();
  CHECK(said.status == 130);
  CHECK(json::parse(said.out)["errors"][0]["kind"] == "cancelled");
}

TEST_CASE("run: Ctrl-C ends a generator between its steps, and leaves no half of an output") {
  const TemporaryFolder folder;
  const std::string endless =
      folder
          .write("endless.yaml",
                 "motet: 1\ninputs: {prompt: tokens}\nstages:\n  words: {use: little.endless, in: "
                 "{tokens: inputs.prompt}}\noutputs: {tokens: words.tokens}\n")
          .string();
  const std::filesystem::path out = folder.path() / "out";
  Command command(motet_words({"run", endless, "--plugins", MOTET_BINARY_DIR "/tests/little", "--in",
                               "prompt=" + folder.write("p.json", "[3]").string(), "--out", out.string()}));
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  command.send(SIGINT);
  const Said said = command.finish();
  CHECK(said.status == 130);
  CHECK((!std::filesystem::exists(out) || std::filesystem::is_empty(out)));
}

TEST_CASE("run: a reader that goes away is no mistake, a full disk is one") {
  const TemporaryFolder folder;
  const std::string run = kMotet + " run " + pipeline(folder, "test.shout") +
                          " --plugins " MOTET_BINARY_DIR "/tests/cli_plugins --in text=a";
  const Said gone =
      Command({"/bin/bash", "-c",
               "(sleep 0.5; " + run + "; echo $? > " + (folder.path() / "status").string() + ") | true; sleep 1.5"})
          .finish();
  CHECK(gone.err.empty());
  CHECK(motet::base::read_file(folder.path() / "status") == "0\n");
  const Said full = Command({"/bin/bash", "-c", run + " > /dev/full"}).finish();
  CHECK(full.status == 3);
  CHECK(full.err.find("the standard output cannot be written") != full.err.npos);
}

TEST_CASE("run: a trace for Perfetto") {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "t.json").string();
  REQUIRE(run_motet({"run", pipeline(folder, "test.shout"), "--in", "text=a", "--trace", file}).status == 0);
  const json trace = json::parse(motet::base::read_file(file));
  CHECK(trace["traceEvents"].back()["name"] == "s");
  CHECK(trace["traceEvents"].back()["ph"] == "X");
  CHECK(run_motet({"run", pipeline(folder, "test.shout"), "--in", "text=a", "--trace", "/dev/null/t.json"}).status ==
        3);
}

TEST_CASE("run: a trace has the programs, one for each step, and their kernels within them") {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "t.json").string();
  (void)well(motet_little({"run", counting(folder), "--in", "text=abc", "--in",
                           "prompt=" + folder.write("p.json", "[3]").string(), "--trace", file}));
  const json trace = json::parse(motet::base::read_file(file));
  std::map<std::string, int> threads;
  std::vector<json> steps, kernels;
  for (const json& event : trace["traceEvents"]) {
    if (event["ph"] == "M") threads[event["args"]["name"]] = event["tid"];
    if (event["name"] == "encoder+words step") steps.push_back(event);
    if (event["ph"] == "X" && event["tid"] == threads["kernels"]) kernels.push_back(event);
  }
  CHECK(threads.size() == 3);
  REQUIRE(steps.size() == 6);  // tokens 4 to 9
  for (const json& step : steps) {
    CHECK(step["tid"] == threads["programs"]);
    const double begin = step["ts"], end = begin + step["dur"].get<double>();
    const auto within = std::count_if(kernels.begin(), kernels.end(), [&](const json& kernel) {
      const double at = kernel["ts"];
      return at >= begin && at + kernel["dur"].get<double>() <= end + 0.01;  // microseconds, rounded to a thousandth
    });
    CHECK(within == step["args"]["kernels"].get<int>());
  }
}

TEST_CASE("run: an input that is not given has its default") {
  const TemporaryFolder folder;
  folder.write("word.txt", "from a file");
  const auto written = [&](const std::string& input) {
    return folder
        .write("default.yaml", "motet: 1\ninputs: {text: {type: text, default: \"" + input +
                                   "\"}}\nstages:\n  s: {use: test.shout, in: inputs.text}\noutputs: {y: s}\n")
        .string();
  };
  CHECK(run_motet({"run", written("Hello")}).out == "Hello!\n");
  CHECK(run_motet({"run", written("Hello"), "--in", "text=Ho"}).out == "Ho!\n");
  CHECK(run_motet({"run", written("@word.txt")}).out == "from a file!\n");  // beside the pipeline
  CHECK(run_motet({"run", written("Hello"), "--in", "@-", "--json"}, "{}\n{\"text\": \"b\"}\n").out.find("Hello!") !=
        std::string::npos);
  const Said missing = run_motet({"run", written("@none.txt")});
  CHECK(missing.status == 2);
  CHECK(missing.err.find("the default of input 'text'") != std::string::npos);
}

TEST_CASE("run: a default may be a tensor or a list") {
  const TemporaryFolder folder;
  const std::string file =
      folder
          .write("lists.yaml",
                 "motet: 1\ninputs:\n  words: {type: \"text[]\", default: [one, \"2\", 3]}\n"
                 "  x: {type: \"f32[2, 2]\", default: [[1, -.5], [2.5e-1, +3.]]}\n"
                 "stages:\n  s: {use: test.shout, in: inputs.words}\n  h: {use: projector.linear, with: {weight: w}, "
                 "weights: w, in: {x: inputs.x}}\nweights: {w: none.safetensors}\noutputs: {y: s}\n")
          .string();
  CHECK(run_motet({"check", file}).err.find("none.safetensors") != std::string::npos);
  const std::string shout = folder
                                .write("words.yaml",
                                       "motet: 1\ninputs:\n  words: {type: \"text[]\", default: [one, \"2\", 3]}\n"
                                       "stages:\n  s: {use: test.shout, in: inputs.words}\noutputs: {y: s}\n")
                                .string();
  CHECK(run_motet({"run", shout}).out == "one!\n2!\n3!\n");
}
