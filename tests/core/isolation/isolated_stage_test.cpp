// Isolated stages in a program that embeds Motet: what flows where, what fails, what is left over.
#include "isolation/isolated_stage.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "device/cpu/cpu_device.hpp"
#include "runtime/session.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace motet;
using test::TemporaryFolder;

namespace {

namespace fs = std::filesystem;

const plugin::Registry& registry() {
  static const plugin::Registry found =
      plugin::Registry::scan({MOTET_BINARY_DIR "/tests/isolation_plugins", MOTET_BINARY_DIR "/lib/motet/plugins"});
  return found;
}

graph::Graph resolve(const TemporaryFolder& folder, const std::string& stages, const std::string& input = "text") {
  // A crash is to be one, not a sanitizer's word on it and exit(1).
  ::setenv("ASAN_OPTIONS", "handle_segv=0:handle_abort=0:allocator_may_return_null=1", 1);
  const fs::path file = folder.write("pipeline.yaml", "motet: 1\ninputs: {x: \"" + input + "\"}\nstages:\n" + stages);
  return graph::resolve(file, {}, registry(),
                        {.checking = host::Checking::on, .worker = MOTET_BINARY_DIR "/bin/motet"});
}

struct Run {
  explicit Run(const graph::Graph& of, int threads = 1) : graph(of), session(of, *device, {.threads = threads}) {}
  std::vector<runtime::ItemResult> operator()(const std::vector<value::Ref>& inputs) {
    std::vector<runtime::Item> items;
    for (const value::Ref& input : inputs) items.push_back({{{"x", input}}, nullptr});
    return session.run(items);
  }
  const graph::Graph& graph;
  std::unique_ptr<device::Device> device = device::cpu::open_cpu(1);
  runtime::Session session;
};

value::Ref text(std::string one) { return value::make_text(std::move(one)); }

value::Ref floats(const graph::Graph& graph, std::vector<float> numbers) {
  const tensor::TensorType type{tensor::DType::f32, {static_cast<std::int64_t>(numbers.size())}};
  REQUIRE(graph.inputs[0].memory);
  tensor::HostTensor made = graph.inputs[0].memory->allocate(type);
  std::copy(numbers.begin(), numbers.end(), made.as<float>().begin());
  return value::make_tensor(std::move(made));
}

std::vector<std::string> texts(const std::vector<runtime::ItemResult>& results) {
  std::vector<std::string> out;
  for (const runtime::ItemResult& result : results)
    out.push_back(result.error ? "error: " + std::string(result.error->what()) : result.outputs[0]->text());
  return out;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t open_files() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& one : fs::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

// Children of this process, zombies too.
std::size_t children() {
  std::size_t count = 0;
  const std::string parent = std::to_string(::getpid());
  for (const auto& one : fs::directory_iterator("/proc")) {
    std::ifstream stat(one.path() / "stat");
    std::string line;
    std::getline(stat, line);
    const std::size_t name_ends = line.rfind(')');
    if (name_ends != std::string::npos && line.substr(name_ends + 4, parent.size() + 1) == parent + " ") ++count;
  }
  return count;
}

constexpr const char* kAct = "  s: {use: isolation.act, in: inputs.x, isolate: true}\noutputs: {y: s}\n";

}  // namespace

TEST_CASE("a crash, an exit, a failure: one item fails, the others go on, and nothing is left over") {
  const std::size_t files = open_files();
  {
    const TemporaryFolder folder;
    const graph::Graph graph = resolve(folder, kAct);
    CHECK_FALSE(graph.stages[0].instance);
    Run run(graph);
    const std::vector<std::string> said = texts(run({text("one"), text("segv"), text("two"), text("abort"),
                                                     text("exit"), text("bad"), text("throw"), text("three")}));
    CHECK(said[0] == "one!");
    CHECK(said[1] ==
          "error: stage 's' (isolation:isolation.act), isolated: its process crashed (SIGSEGV, it used memory that is "
          "not "
          "there) in process");
    CHECK(said[2] == "two!");
    CHECK(said[3] ==
          "error: stage 's' (isolation:isolation.act), isolated: its process crashed (SIGABRT, it gave up) in process");
    CHECK(said[4] ==
          "error: stage 's' (isolation:isolation.act), isolated: its process ended itself with exit(3) in process");
    CHECK(said[5] == "error: stage 's' (isolation.act): it is bad");
    CHECK(contains(said[6], "a surprise"));
    CHECK(said[7] == "three!");
    CHECK(children() == 1);
  }
  CHECK(children() == 0);
  CHECK(open_files() == files);
}

TEST_CASE("a call that takes too long is ended, and named with the limit") {
  const TemporaryFolder folder;
  const graph::Graph graph =
      resolve(folder, "  s: {use: isolation.act, in: inputs.x, isolate: {timeout_ms: 300}}\noutputs: {y: s}\n");
  Run run(graph);
  const std::vector<std::string> said = texts(run({text("hang"), text("one")}));
  CHECK(said[0] ==
        "error: stage 's' (isolation:isolation.act), isolated: its process did not answer within 300 ms and was ended "
        "in process");
  CHECK(said[1] == "one!");
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("memory that ends fails the item alone, and the next one finds some") {
  const TemporaryFolder folder;
  const graph::Graph graph =
      resolve(folder, "  s: {use: isolation.act, in: inputs.x, isolate: {memory_mb: 200}}\noutputs: {y: s}\n");
  Run run(graph);
  const std::vector<std::string> said = texts(run({text("pid"), text("eat"), text("pid")}));
  CHECK(contains(said[1], "error: stage 's' (isolation:isolation.act), isolated: "));
  CHECK(contains(said[1], "out of memory"));
  CHECK(std::stol(said[0]) != std::stol(said[2]));
}
#endif

TEST_CASE("a process is used again, and several threads have one each") {
  const TemporaryFolder folder;
  const graph::Graph graph = resolve(folder, kAct);
  Run alone(graph);
  const std::vector<std::string> said = texts(alone(std::vector<value::Ref>(4, text("pid"))));
  CHECK(std::count(said.begin(), said.end(), said[0]) == 4);
  CHECK(said[0] != std::to_string(::getpid()));
  Run together(graph, 4);
  (void)together(std::vector<value::Ref>(200, text("one")));
  CHECK(children() <= 4);
}

TEST_CASE("a process that is killed between items is replaced before the next one") {
  const TemporaryFolder folder;
  const graph::Graph graph = resolve(folder, kAct);
  Run run(graph);
  const pid_t process = static_cast<pid_t>(std::stol(texts(run({text("pid")}))[0]));
  REQUIRE(process > 0);
  ::kill(process, SIGKILL);
  siginfo_t ended{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(process), &ended, WEXITED | WNOWAIT) == 0);
  CHECK(texts(run({text("one")}))[0] == "one!");
}

TEST_CASE("tensors that enter and leave an isolated stage are not copied") {
  const TemporaryFolder folder;
  const graph::Graph graph = resolve(folder, R"(  a: {use: isolation.where, in: inputs.x, isolate: true}
  b: {use: isolation.twice, in: a.x, isolate: true}
  c: {use: isolation.where, in: b, isolate: true}
  d: {use: isolation.twice, in: c.x}
  e: {use: isolation.where, in: d, isolate: true}
outputs: {a: a.y, ax: a.x, b: b, c: c.y, cx: c.x, d: d, e: e.y}
)",
                                     "f32[N]");
  Run run(graph);
  const value::Ref in = floats(graph, {1, 2, 3});
  for (int i = 0; i < 3; ++i) {
    const auto out = run({in})[0];
    REQUIRE_FALSE(out.error);
    CHECK(out.outputs[0]->text() == "r--s memfd:motet-values");  // where the host's own tensors lie
    CHECK(out.outputs[1].get() == in.get());                     // handed on: the very same value
    CHECK(out.outputs[3]->text() == "r--s memfd:motet-stage");   // where b, another process, made it
    CHECK(out.outputs[4].get() == out.outputs[2].get());
    CHECK(out.outputs[6]->text() == "r--s memfd:motet-values");  // where a stage here made it
    const auto numbers = out.outputs[5]->tensor().as<float>();
    CHECK(std::vector<float>(numbers.begin(), numbers.end()) == std::vector<float>{4, 8, 12});
  }
}

TEST_CASE("a tensor of the heap is lent as a copy") {
  const TemporaryFolder folder;
  const graph::Graph graph =
      resolve(folder, "  s: {use: isolation.twice, in: inputs.x, isolate: true}\noutputs: {y: s}\n", "f32[N]");
  Run run(graph);
  tensor::HostTensor made(tensor::DType::f32, {2});
  made.as<float>()[1] = 3;
  const auto out = run({value::make_tensor(std::move(made))})[0];
  REQUIRE_FALSE(out.error);
  CHECK(out.outputs[0]->tensor().as<float>()[1] == 6);
}

TEST_CASE("results outlive the process and the graph that made them") {
  value::Ref kept;
  {
    const TemporaryFolder folder;
    const graph::Graph graph =
        resolve(folder, "  s: {use: isolation.twice, in: inputs.x, isolate: true}\noutputs: {y: s}\n", "f32[N]");
    Run run(graph);
    kept = run({floats(graph, std::vector<float>(100'000, 1))})[0].outputs[0];
  }
  CHECK(children() == 0);
  CHECK(kept->tensor().as<float>()[99'999] == 2);
}

TEST_CASE("what is lent cannot be written to") {
  const TemporaryFolder folder;
  const graph::Graph graph =
      resolve(folder, "  s: {use: isolation.scribble, in: inputs.x, isolate: true}\noutputs: {y: s}\n", "f32[N]");
  Run run(graph);
  const value::Ref in = floats(graph, {1, 2});
  const auto out = run({in})[0];
  REQUIRE(out.error);
  CHECK(contains(out.error->what(), "SIGSEGV"));
  CHECK(in->tensor().as<float>()[0] == 1);
}

TEST_CASE("a value that a stage keeps stays as it was") {
  const TemporaryFolder folder;
  const graph::Graph graph =
      resolve(folder, "  s: {use: isolation.delay, in: inputs.x, isolate: true}\noutputs: {y: s}\n", "f32[N]");
  Run run(graph);
  float before = 0;
  for (int i = 0; i < 50; ++i) {
    const auto number = static_cast<float>(i);
    const auto out = run({floats(graph, std::vector<float>(1000, number))})[0];  // its block would be free now
    REQUIRE_FALSE(out.error);
    CHECK(out.outputs[0]->tensor().as<float>()[500] == (i == 0 ? number : before));
    before = number;
  }
}

TEST_CASE("lists, and a stage that is called for each element") {
  const TemporaryFolder folder;
  const graph::Graph graph = resolve(folder, R"(  s: {use: isolation.lists, in: inputs.x, isolate: true}
  t: {use: isolation.act, in: s, isolate: true}
outputs: {y: t}
)",
                                     "text[]");
  Run run(graph);
  const auto out = run({value::make_list({text("a"), text("b"), text("c")})})[0];
  REQUIRE_FALSE(out.error);
  REQUIRE(out.outputs[0]->list().size() == 3);
  CHECK(out.outputs[0]->list()[0]->text() == "c!");
  CHECK(out.outputs[0]->list()[2]->text() == "a!");
}

TEST_CASE("what fills a slot lives in the process too") {
  const TemporaryFolder folder;
  folder.write("tokenizer.json", R"({"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "<s>": 2}, "merges": [],
                                     "unk_token": "<s>"}, "added_tokens": []})");
  const std::string stage = R"(  ask:
    use: prompt.chat
    with: {template: "{{ messages[0].content }}"}
    in: {user: inputs.x}
    slots: {text: {use: tokenizer, with: {file: FILE}}}
    isolate: true
outputs: {text: ask.text, tokens: ask.tokens}
)";
  const auto with = [&](const std::string& file) {
    std::string out = stage;
    return out.replace(out.find("FILE"), 4, file);
  };
  const graph::Graph graph = resolve(folder, with("tokenizer.json"));
  for (const graph::Stage& one : graph.stages) CHECK_FALSE(one.instance);
  Run run(graph);
  const auto out = run({text("abba")})[0];
  REQUIRE_FALSE(out.error);
  CHECK(out.outputs[0]->text() == "abba");
  CHECK(out.outputs[1]->tokens().ids == std::vector<std::int32_t>{0, 1, 1, 0});
  // A mistake in the filler is its own, with its place.
  folder.write("broken.json", "{");
  try {
    (void)resolve(folder, with("broken.json"));
    FAIL("nothing was thrown");
  } catch (const base::DiagnosticsError& error) {
    REQUIRE(error.diagnostics().list().size() == 1);
    CHECK(error.diagnostics().list()[0].code == "M0140");
    CHECK(contains(error.diagnostics().list()[0].label, "ask/text"));
  }
}

TEST_CASE("what a stage asks of the graph is answered there, and again for the next process") {
  const TemporaryFolder folder;
  const std::string little = MOTET_SOURCE_DIR "/tests/bad_yaml/files/little.safetensors";
  folder.write("document.yaml", "word: hello\n");
  const fs::path file = folder.write("pipeline.yaml", "motet: 1\ninputs: {x: text}\nweights: {w: " + little +
                                                          "}\nstages:\n  s: {use: isolation.asks, with: {file: "
                                                          "document.yaml}, weights: w, in: inputs.x, isolate: true}\n"
                                                          "outputs: {y: s}\n");
  const graph::Graph graph =
      graph::resolve(file, {}, registry(), {.checking = host::Checking::on, .worker = MOTET_BINARY_DIR "/bin/motet"});
  CHECK(graph.stages[0].weights_by_name.at("mine").name == "narrow.weight");
  Run run(graph);
  const std::vector<std::string> said = texts(run({text("a"), text("abort"), text("b")}));
  CHECK(said[0] == "little.safetensors safetensors has lacks hello 4x6");
  CHECK(contains(said[1], "SIGABRT"));
  CHECK(said[2] == said[0]);
}

TEST_CASE("a stage whose process ends while it is made is a mistake with its place") {
  const TemporaryFolder folder;
  for (const std::string when : {"create", "negotiate"}) {
    try {
      (void)resolve(folder, "  s: {use: isolation.act, with: {die: " + when +
                                "}, in: inputs.x, isolate: true}\noutputs: {y: s}\n");
      FAIL("nothing was thrown");
    } catch (const base::DiagnosticsError& error) {
      REQUIRE(error.diagnostics().list().size() == 1);
      const base::Diagnostic& one = error.diagnostics().list()[0];
      CHECK(one.code == "M0402");
      CHECK(one.place.line == 4);
      CHECK(one.message == "its process crashed (SIGABRT, it gave up) in " + when);
      CHECK(one.label == "isolated stage 's' (isolation:isolation.act)");
    }
  }
  CHECK(children() == 0);
}

TEST_CASE("a stage that cannot be made again is given up after two tries") {
  const TemporaryFolder folder;
  const std::string mark = (folder.path() / "mark").string();
  const graph::Graph graph = resolve(folder, "  s: {use: isolation.act, with: {die: later, mark: " + mark +
                                                 "}, in: inputs.x, isolate: true}\noutputs: {y: s}\n");
  Run run(graph);
  const auto results = run({text("one"), text("segv"), text("two"), text("three"), text("four"), text("five")});
  const std::vector<std::string> said = texts(results);
  CHECK(said[0] == "one!");
  CHECK(contains(said[1], "SIGSEGV"));
  for (const std::size_t i : {2, 3}) {
    CHECK(contains(said[i], "a fresh process for it failed: crashed (SIGABRT, it gave up) in create"));
    CHECK(results[i].error->kind() == base::ErrorKind::item);
  }
  for (const std::size_t i : {4, 5}) {
    CHECK(contains(said[i], "no fresh process is made for it any more"));
    CHECK(results[i].error->kind() == base::ErrorKind::plugin);
  }
}

TEST_CASE("cancelling reaches the process, and ends one that does not listen") {
  const TemporaryFolder folder;
  const graph::Graph graph = resolve(folder, kAct);
  for (const std::string what : {"sleep", "hang"}) {
    Run run(graph);
    std::atomic<bool> cancelled{false};
    std::thread canceller([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      cancelled = true;
    });
    const std::vector<runtime::Item> items{
        {{{"x", text("one")}}, nullptr}, {{{"x", text(what)}}, &cancelled}, {{{"x", text("two")}}, nullptr}};
    const std::vector<runtime::ItemResult> results = run.session.run(items);
    canceller.join();
    CHECK(texts({results[0]})[0] == "one!");
    REQUIRE(results[1].error);
    CHECK(results[1].error->kind() == base::ErrorKind::cancelled);
    CHECK(texts({results[2]})[0] == "two!");
  }
}

TEST_CASE("progress comes through") {
  struct Sink final : host::ProgressSink {
    void progress(std::string_view stage, std::uint64_t done, std::uint64_t total) override {
      last = std::string(stage) + " " + std::to_string(done) + "/" + std::to_string(total);
    }
    std::string last;
  } sink;
  const TemporaryFolder folder;
  const graph::Graph graph = resolve(folder, kAct);
  host::CallOptions options;
  options.progress = &sink;
  const value::Ref in = text("count");
  const value::Value* input = in.get();
  value::Ref out;
  graph.stages[0].isolated->process({&input, 1}, {&out, 1}, options);
  CHECK(out->text() == "count!");
  CHECK(sink.last == "s 3/3");
}

TEST_CASE("the process has no descriptors but its own, and ends with the host's") {
  const TemporaryFolder folder;
  const int leak = ::open("/dev/null", 0);  // as a careless program leaves it
  const graph::Graph graph = resolve(folder, kAct);
  Run run(graph);
  CHECK(texts(run({text("files")}))[0] == "7");  // stdin, stdout, stderr, socket, control, two arenas
  ::close(leak);
  // A host that dies without a word takes the process along.
  const pid_t host = ::fork();
  if (host == 0) {
    ::execl(MOTET_BINARY_DIR "/bin/motet", "motet", "run", (folder.path() / "pipeline.yaml").c_str(), "--plugins",
            MOTET_BINARY_DIR "/tests/isolation_plugins", "--in", "x=hang", nullptr);
    ::_exit(127);
  }
  const auto worker_of = [&]() -> pid_t {
    for (const auto& one : fs::directory_iterator("/proc")) {
      std::ifstream stat(one.path() / "stat");
      std::string line;
      std::getline(stat, line);
      const std::size_t name_ends = line.rfind(')');
      const std::string parent = std::to_string(host) + " ";
      if (name_ends != std::string::npos && line.substr(name_ends + 4, parent.size()) == parent)
        return static_cast<pid_t>(std::stol(one.path().filename().string()));
    }
    return 0;
  };
  pid_t worker = 0;
  for (int i = 0; i < 2000 && worker == 0; ++i) {
    worker = worker_of();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  REQUIRE(worker > 0);
  ::kill(host, SIGKILL);
  ::waitpid(host, nullptr, 0);
  bool gone = false;
  for (int i = 0; i < 2000 && !gone; ++i) {
    std::ifstream stat("/proc/" + std::to_string(worker) + "/stat");
    std::string line;
    gone = !std::getline(stat, line) || contains(line, ") Z ");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(gone);
}

TEST_CASE("what cannot be isolated is refused with a reason") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& stages, const std::string& input, const fs::path& worker) {
    const fs::path file = folder.write("pipeline.yaml", "motet: 1\ninputs: {x: \"" + input + "\"}\nstages:\n" + stages);
    try {
      (void)graph::resolve(file, {}, registry(), {.checking = host::Checking::on, .worker = worker});
    } catch (const base::DiagnosticsError& error) {
      return error.diagnostics().list()[0].code + " " + error.diagnostics().list()[0].message;
    }
    return std::string();
  };
  CHECK(refused(kAct, "text", {}) == "M0141 this program has no way to isolate a stage");
  CHECK(refused("  s: {use: retrieval.pool, in: inputs.x, isolate: true}\noutputs: {y: s}\n", "f32[T, 8]", "motet") ==
        "M0141 'isolate' is for host stages: retrieval.pool runs no code on values");
  // A program that is not there is the world's failure.
  try {
    (void)graph::resolve(folder.write("pipeline.yaml", std::string("motet: 1\ninputs: {x: text}\nstages:\n") + kAct),
                         {}, registry(), {.checking = host::Checking::on, .worker = "/nowhere/motet"});
    FAIL("nothing was thrown");
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::environment);
    CHECK(contains(error.what(), "/nowhere/motet: No such file or directory"));
  }
}
