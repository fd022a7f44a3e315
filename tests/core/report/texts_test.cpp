// Sizes, devices, mistakes, codes and benchmarks as text.
#include <nlohmann/json.hpp>

#include "base/diagnostic.hpp"
#include "report/bench_report.hpp"
#include "report/code_report.hpp"
#include "report/device_report.hpp"
#include "report/errors.hpp"
#include "report/run_report.hpp"
#include "support/catch.hpp"

using namespace motet;
using nlohmann::json;

TEST_CASE("sizes are said in the unit that fits") {
  CHECK(report::size_text(0) == "0 B");
  CHECK(report::size_text(1023) == "1023 B");
  CHECK(report::size_text(1024) == "1 KiB");
  CHECK(report::size_text(1536) == "1.5 KiB");
  CHECK(report::size_text(128u << 20) == "128 MiB");
  CHECK(report::size_text(std::uint64_t{5} << 40) == "5 TiB");
}

TEST_CASE("a device that cannot be used says why instead of what it can") {
  device::DeviceInfo cpu, broken;
  cpu.name = "cpu";
  cpu.kind = "cpu";
  cpu.description = "a processor";
  cpu.automatic = true;
  broken.name = "vulkan";
  broken.kind = "other";
  broken.problem = "there is no driver";
  CHECK(report::devices_text({cpu, broken}) ==
        "* cpu     cpu: a processor\n  vulkan  cannot be used: there is no driver\n* what --device auto picks\n");
  const json data = json::parse(report::devices_json({cpu, broken}));
  CHECK(data["devices"][1]["problem"] == "there is no driver");
  CHECK_FALSE(data["devices"][1].contains("subgroup_size"));
}

TEST_CASE("of many mistakes the first fifty are shown, all are counted, and data has all") {
  for (const int count : {1, 50, 51, 200}) {
    base::Diagnostics all;
    for (int i = 0; i < count; ++i) all.add("M0011", {}, "mistake " + std::to_string(i));
    const base::DiagnosticsError error(all);
    const std::string text = report::error_text(error, false);
    INFO(text);
    CHECK((text.find("and ") != text.npos) == (count > 50));
    if (count > 50) CHECK(text.find("and " + std::to_string(count - 50) + " more\n") != text.npos);
    CHECK(text.ends_with(count == 1 ? "\n1 mistake\n" : std::to_string(count) + " mistakes\n"));
    CHECK(text.find("mistake " + std::to_string(std::min(count, 50) - 1) + "\n") != text.npos);
    CHECK(json::parse(report::error_json(error))["errors"].size() == static_cast<std::size_t>(count));
  }
}

TEST_CASE("an error without a place has a kind, and colour only where it is wanted") {
  const base::Error error(base::ErrorKind::environment, "no memory", "close something");
  CHECK(report::error_text(error, false) == "motet: error: no memory\n   help: close something\n");
  CHECK(report::error_text(error, true).find("\x1b[") != std::string::npos);
  CHECK(json::parse(report::error_json(error)) ==
        json::parse(R"({"errors": [{"kind": "environment", "message": "no memory", "help": "close something"}]})"));
}

TEST_CASE("explanations are filled, examples are not") {
  const base::CodeInfo code{"M9998", "a title",
                            "one two\nthree\n  in: {x: y}\nfour aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "
                            "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"};
  CHECK(report::code_text(code) ==
        "M9998: a title\n\none two three\n  in: {x: y}\nfour aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n");
  CHECK(json::parse(report::code_json(code))["title"] == "a title");
}

TEST_CASE("medians, and the time between two readings") {
  CHECK(report::median({}) == 0);
  CHECK(report::median({3}) == 3);
  CHECK(report::median({9, 1, 5}) == 5);
  runtime::Timings before, after;
  before.stages["s"] = {2, 10};
  before.generators["g"] = {3, 1, {5, 6}};
  after.stages["s"] = {5, 40};
  after.generators["g"] = {4, 3, {5, 6, 7}};
  const runtime::Timings between = report::difference(before, after);
  CHECK(between.stages.at("s").calls == 3);
  CHECK(between.stages.at("s").total_ms == 30);
  CHECK(between.generators.at("g").prompt_tokens == 1);
  CHECK(between.generators.at("g").step_ms == std::vector<double>{7});
}

TEST_CASE("bench: what is said of rounds and items agrees in number") {
  report::BenchFacts facts{"p", "cpu", 1, 1, {2}, {runtime::Timings()}};
  CHECK(report::bench_text(facts, report::Recorder()).starts_with("p on cpu: 1 round of 1 item, medians\n"));
  facts.items = 4;
  facts.round_ms = {2, 4, 3};
  facts.rounds.resize(3);
  const std::string text = report::bench_text(facts, report::Recorder());
  CHECK(text.starts_with("p on cpu: 3 rounds of 4 items, medians\n"));
  const json data = json::parse(report::bench_json(facts, report::Recorder()));
  CHECK(data["round_ms"] == 3.0);
  CHECK(data["rounds"] == 3);
}
