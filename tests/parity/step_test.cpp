// What a step of a chat costs besides its arithmetic: nothing.
//
// A step, here, is the engine's loop from one run of the step's program to the next: the program runs, the next id is
// read, the sequence ends or goes on, and the tokens of the next step are gathered. Making text of ids and handing it
// to a stream are outside; the pipeline has no tokenizer, so that they do not happen.
#include "parity/engine.hpp"
#include "parity/heap_count.hpp"
#include "parity/watched_device.hpp"
#include "support/catch.hpp"

using namespace motet;
using namespace motet::test;

namespace {

struct Used {
  std::uint64_t heap, device_memory, recordings, submissions, plannings;
};

constexpr std::size_t kSteps = 32;

// The counters at the begin of every run of a program, for a chat of prompt and kSteps + 8 tokens.
std::vector<Used> watch(const std::string& device_name) {
  Engine engine(own("chat-ids"), {{"model", smollm2()}, {"max_tokens", std::to_string(kSteps + 8)}}, device_name);
  std::vector<Used> out;
  out.reserve(1024);  // noting down must not count itself
  const runtime::Session* session = nullptr;
  WatchedDevice device(engine.device(), [&] {
    const device::Counters counters = engine.device().counters();
    out.push_back(
        {heap_allocations(), counters.allocations, counters.recordings, counters.submissions, session->plannings()});
  });
  runtime::Session watched(engine.graph(), device);
  session = &watched;
  const nlohmann::json wanted = entry(golden("chat.json").at("prompts"), "gravity");
  const std::vector<runtime::ItemResult> results =
      watched.run({{{{"prompt", tokens(ids(wanted.at("prompt_ids")))}}, nullptr}});
  REQUIRE_FALSE(results.front().error);
  const std::vector<std::int32_t> found = engine.output(results.front(), "tokens").tokens().ids;
  const std::vector<std::int32_t> expected = ids(wanted.at("tokens"));
  CHECK(found ==
        std::vector<std::int32_t>(expected.begin(), expected.begin() + kSteps + 8));  // a real chat was watched
  return out;
}

void expect_nothing(const std::string& device_name, std::uint64_t most_submissions) {
  const std::vector<Used> runs = watch(device_name);
  REQUIRE(runs.size() == kSteps + 8);  // the prompt in one, then one a token
  // Not before the first lone token has made its step ready, and the counters do count.
  CHECK(runs.front().heap > 0);
  CHECK(runs.front().device_memory > 0);
  CHECK(runs.front().recordings > 0);
  CHECK(runs.front().plannings > 0);
  CHECK((runs.back().submissions > 0) == (most_submissions > 0));
  for (std::size_t i = 4; i < 4 + kSteps; ++i) {
    INFO("step " << i);
    CHECK(runs[i + 1].heap - runs[i].heap == 0);
    CHECK(runs[i + 1].device_memory - runs[i].device_memory == 0);
    CHECK(runs[i + 1].recordings - runs[i].recordings == 0);
    CHECK(runs[i + 1].plannings - runs[i].plannings == 0);
    CHECK(runs[i + 1].submissions - runs[i].submissions <= most_submissions);
  }
}

}  // namespace

TEST_CASE("step: 32 of a chat allocate, plan and record nothing, on cpu") { expect_nothing("cpu", 0); }
TEST_CASE("step: 32 of a chat allocate, plan and record nothing and submit once each, on vulkan") {
  expect_nothing("vulkan", 1);
}
