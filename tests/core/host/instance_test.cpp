#include "host/instance.hpp"

#include <dlfcn.h>

#include <thread>

#include "support/catch.hpp"

namespace host = motet::host;
namespace plugin = motet::plugin;
namespace value = motet::value;
using host::Checking;

namespace {

std::shared_ptr<const plugin::Library> broken_library() {
  return std::make_shared<const plugin::Library>(std::string(MOTET_BINARY_DIR) + "/tests/plugins/broken.so");
}

plugin::LoadedType loaded(const std::string& id) {
  const auto library = broken_library();
  for (const plugin::StageTypeInfo& type : library->info().types) {
    if (type.id == id) return {&type, library, library->find(id)};
  }
  throw std::runtime_error("no such type: " + id);
}

std::unique_ptr<host::Instance> make(const std::string& id, Checking checking = Checking::on) {
  return host::Instance::create(loaded(id), {"tested", {}, checking}, {}, {});
}

std::unique_ptr<host::Instance> ready(const std::string& id, Checking checking = Checking::on) {
  auto made = make(id, checking);
  const host::TensorSpec none;
  host::TensorSpec out{motet::tensor::DType::f32, {}};
  made->negotiate({&none, 1}, {&out, 1}, {});
  return made;
}

value::Ref say(const host::Instance& instance, const std::string& text, const host::CallOptions& options = {}) {
  const value::Ref in = value::make_text(text);
  const value::Value* inputs[] = {in.get()};
  value::Ref out;
  instance.process(inputs, {&out, 1}, options);
  return out;
}

// The obligation that the body's StageError names, 0 for a reported failure, -1 where nothing was thrown.
template <class Body>
int obligation(Body&& body, std::string* message = nullptr) {
  try {
    body();
    return -1;
  } catch (const host::StageError& error) {
    if (message != nullptr) *message = error.what();
    if (error.obligation() != 0) CHECK(error.kind() == motet::base::ErrorKind::plugin);
    return error.obligation();
  }
}

}  // namespace

TEST_CASE("a right stage passes a value on without copying it") {
  for (const Checking checking : {Checking::off, Checking::on}) {
    const auto stage = ready("right", checking);
    const value::Ref in = value::make_text("hello");
    const value::Value* inputs[] = {in.get()};
    value::Ref out;
    stage->process(inputs, {&out, 1}, {});
    CHECK(out.get() == in.get());
    CHECK(in->references() == 2);
  }
  CHECK(std::string(host::current_stage()).empty());
}

TEST_CASE("a failure that a plugin reports comes with its path, and the first one counts") {
  try {
    (void)make("create.reports");
    FAIL("create succeeded");
  } catch (const host::StageError& error) {
    CHECK(error.status() == MOTET_INVALID_PARAMETER);
    CHECK(error.kind() == motet::base::ErrorKind::user);
    CHECK(error.path() == "with.file");
    CHECK(error.message() == "the file is ? wrong");
    CHECK(std::string(error.what()) == "stage 'tested' (create.reports): the file is ? wrong");
    CHECK(error.obligation() == 0);
  }
}

TEST_CASE("exceptions that escape from a plugin are named") {
  std::string message;
  CHECK(obligation([] { (void)make("create.throws"); }, &message) == host::kNoException);
  CHECK(message == "stage 'tested' (create.throws): [C005] an exception escaped from create: thrown by create");
  for (const Checking checking : {Checking::off, Checking::on}) {
    CHECK(obligation([&] { (void)say(*ready("process.throws", checking), "x"); }, &message) == host::kNoException);
    CHECK_THAT(message, Catch::Contains("escaped from process"));
  }
  CHECK(obligation([] { (void)ready("tokenizer")->token_id("x"); }) == host::kNoException);
}

TEST_CASE("a status without a reason, and outputs that are not set, are named") {
  for (const Checking checking : {Checking::off, Checking::on}) {
    std::string message;
    CHECK(obligation([&] { (void)say(*ready("process.silent", checking), "x"); }, &message) == host::kFailureSaysWhy);
    CHECK_THAT(message, Catch::Contains("process returned MOTET_INVALID_ITEM (2)"));
    CHECK(obligation([&] { (void)make("create.nothing", checking); }) == host::kCreateSetsStage);
    CHECK(obligation([&] { (void)say(*ready("process.nothing", checking), "x"); }, &message) == host::kOutputsSet);
    CHECK_THAT(message, Catch::Contains("output 'y'"));
    CHECK(obligation([&] { (void)say(*ready("process.number", checking), "x"); }, &message) == host::kOutputKind);
    CHECK_THAT(message, Catch::Contains("'y', which is text, to tokens[1]"));
  }
}

TEST_CASE("an input that became an output without being retained is noticed") {
  const auto stage = ready("process.borrows");
  value::Ref in = value::make_text("x");
  const value::Value* inputs[] = {in.get()};
  value::Ref out;
  CHECK(obligation([&] { stage->process(inputs, {&out, 1}, {}); }) == host::kOutputRetained);
  CHECK(in->references() == 1);
}

TEST_CASE("a call that is used after it returned is noticed") {
  const auto stage = ready("process.keeps");
  CHECK(obligation([&] { (void)say(*stage, "first"); }) == -1);
  std::string message;
  CHECK(obligation([&] { (void)say(*stage, "second"); }, &message) == host::kCallNotKept);
  CHECK_THAT(message, Catch::Contains("it called progress with a motet_call that had returned"));
}

TEST_CASE("host functions outside their phase are refused and named, each in each phase that it is not for") {
  const std::vector<std::string> of_create = {"weights_path",  "weights_format", "weights_has",
                                              "weight_source", "declare_weight", "fresh_symbol"};
  const std::vector<std::string> of_negotiate = {"offer", "offered"};
  const auto is_refused = [](const std::string& phase, const std::string& function, const std::string& when) {
    INFO(phase << " calls " << function);
    std::string message;
    CHECK(obligation(
              [&] {
                if (phase == "create") (void)make("create." + function);
                if (phase == "process") (void)say(*ready("process." + function), "x");
                motet_tensor out = 0;
                if (phase == "build") ready("build." + function)->build(nullptr, {}, {&out, 1}, {});
              },
              &message) == host::kHostFunctionInItsPhase);
    CHECK_THAT(message, Catch::Contains("it called " + function + ", which is for " + when + " only"));
  };
  for (const char* phase : {"process", "build"}) {
    for (const std::string& function : of_create) is_refused(phase, function, "create and negotiate");
    for (const std::string& function : of_negotiate) is_refused(phase, function, "negotiate");
  }
  for (const std::string& function : of_negotiate) is_refused("create", function, "negotiate");
}

TEST_CASE("calls in an order that the lifecycle does not allow are refused") {
  std::string message;
  CHECK(obligation([] { (void)say(*make("right"), "x"); }, &message) == host::kOrderOfCalls);
  CHECK_THAT(message, Catch::Contains("process came before negotiate"));
  motet_tensor out = 0;
  CHECK(obligation([&] { make("build.nothing")->build(nullptr, {}, {&out, 1}, {}); }, &message) == host::kOrderOfCalls);
  CHECK_THAT(message, Catch::Contains("build came before negotiate"));
  CHECK(obligation([&] { (void)make("generator")->generation({}); }) == host::kOrderOfCalls);
  CHECK(obligation([&] { (void)make("generator")->build_step(nullptr, motet_step{}, {}, {}); }) == host::kOrderOfCalls);
  CHECK(obligation([&] { (void)make("tokenizer")->encode("x", true, {}); }) == host::kOrderOfCalls);
  CHECK(obligation([&] { (void)make("tokenizer")->decode({}, true, {}); }) == host::kOrderOfCalls);
  CHECK(obligation([&] { (void)make("sampler")->sample({}, {}, 0, {}); }) == host::kOrderOfCalls);
}

TEST_CASE("a plugin that calls what is the host's to call in the stage in its slot is refused") {
  for (const std::string function : {"create", "negotiate", "destroy"}) {
    INFO(function);
    const auto filler = ready("tokenizer");
    const auto owner = make("filler." + function);
    owner->fill("text", *filler);
    const host::TensorSpec none;
    host::TensorSpec out{motet::tensor::DType::f32, {}};
    owner->negotiate({&none, 1}, {&out, 1}, {});
    std::string message;
    CHECK(obligation([&] { (void)say(*owner, "x"); }, &message) == host::kOrderOfCalls);
    CHECK_THAT(message, Catch::Contains("it called " + function + " of "));
  }
}

TEST_CASE("two calls at a time for a serial stage are refused") {
  const auto library = broken_library();
  void* handle = dlopen(library->file().c_str(), RTLD_NOW | RTLD_NOLOAD);
  REQUIRE(handle != nullptr);
  const auto go = reinterpret_cast<void (*)(bool)>(dlsym(handle, "motet_test_go"));
  const auto waiting = reinterpret_cast<bool (*)()>(dlsym(handle, "motet_test_waiting"));
  for (const std::string type : {"process.waits", "process.waits_parallel"}) {
    go(false);
    const auto stage = ready(type);
    std::thread first([&] { (void)say(*stage, "wait"); });
    while (!waiting()) std::this_thread::yield();
    std::string message;
    const int found = obligation([&] { (void)say(*stage, "no"); }, &message);
    go(true);
    first.join();
    CHECK(found == (type == "process.waits" ? int{host::kConcurrencyDeclared} : -1));
  }
  dlclose(handle);
}

TEST_CASE("what negotiate answers must be a tensor's spec, and the same each time") {
  CHECK(obligation([] { (void)ready("negotiate.malformed"); }) == host::kSpecWellFormed);
  const auto stage = ready("negotiate.changes");
  const host::TensorSpec none;
  host::TensorSpec out{motet::tensor::DType::f32, {}};
  CHECK(obligation([&] { stage->negotiate({&none, 1}, {&out, 1}, {}); }) == host::kNegotiatePure);
  const host::TensorSpec other{motet::tensor::DType::f32, {motet::tensor::Dim::number(3)}};
  CHECK(obligation([&] { stage->negotiate({&other, 1}, {&out, 1}, {}); }) == -1);
}

TEST_CASE("what generators, tokenizers, samplers and builds give back is checked") {
  motet_tensor out = 5;
  CHECK(obligation([&] { ready("build.nothing")->build(nullptr, {}, {&out, 1}, {}); }) == host::kOutputsSet);
  CHECK(obligation([] { (void)ready("generator")->build_step(nullptr, motet_step{}, {}, {}); }) == host::kOutputsSet);
  CHECK(obligation([] { (void)ready("generator")->generation({}); }) == host::kGenerationWellFormed);
  CHECK(obligation([] { (void)ready("tokenizer")->encode("x", false, {}); }) == host::kOutputKind);
  CHECK(obligation([] { (void)ready("tokenizer")->decode({}, false, {}); }) == host::kOutputsSet);
  const float logits[] = {1, 2};
  CHECK(obligation([&] { (void)ready("sampler")->sample(logits, {}, 0, {}); }) == host::kTokenInVocabulary);
}

TEST_CASE("cancellation and progress belong to the call") {
  struct Progress final : host::ProgressSink {
    void progress(std::string_view stage, std::uint64_t done, std::uint64_t total) override {
      text = std::string(stage) + " " + std::to_string(done) + "/" + std::to_string(total);
    }
    std::string text;
  } progress;
  std::atomic<bool> cancelled{true};
  const auto stage = ready("process.cancels");
  try {
    (void)say(*stage, "x", {.cancelled = &cancelled, .progress = &progress});
    FAIL("not cancelled");
  } catch (const host::StageError& error) {
    CHECK(error.kind() == motet::base::ErrorKind::cancelled);
  }
  CHECK(progress.text == "tested 3/10");
  CHECK(say(*stage, "again")->text() == "again");
}

TEST_CASE("an observer is told of each call into a plugin, and a plugin gets the table that it is to get") {
  struct Told final : host::CallObserver {
    std::string text;
    void entering(const host::Instance& instance, const char* function) override {
      text += ">" + std::string(function) + " of " + instance.stage() + "\n";
    }
    void left(const host::Instance&, const char* function) override { text += "<" + std::string(function) + "\n"; }
  } told;
  motet_host table = host::host_table();
  table.value_retain = [](const motet_value*) -> motet_value* { return nullptr; };  // `right` passes its input on
  host::InstanceSettings settings{"tested", {}, Checking::on};
  settings.observer = &told;
  settings.table = &table;
  {
    const auto made = host::Instance::create(loaded("right"), settings, {}, {});
    const host::TensorSpec none;
    host::TensorSpec out{motet::tensor::DType::f32, {}};
    made->negotiate({&none, 1}, {&out, 1}, {});
    CHECK(obligation([&] { (void)say(*made, "x"); }) == host::kOutputsSet);
  }
  CHECK(told.text.starts_with(">create of tested\n<create\n"));
  CHECK(told.text.ends_with(">process of tested\n<process\n>destroy of tested\n<destroy\n"));
}
