// motet plugin verify LIBRARY: the conformance kit.
#include <charconv>
#include <random>
#include <thread>

#include "base/error.hpp"
#include "cli/exit_status.hpp"
#include "cli/files.hpp"
#include "cli/inputs.hpp"
#include "cli/pipeline_arguments.hpp"
#include "cli/standard_error.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "report/output_folder.hpp"
#include "report/verify_report.hpp"
#include "verify/child.hpp"
#include "verify/kit.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {
    "motet plugin verify LIBRARY [--pipeline PIPELINE...] [OPTION...]",
    "Tries the rules of the plugin contract on a plugin's library, each on each of its stage types and in a process of "
    "its\n"
    "own. A type is tried as a pipeline uses it, with its parameters, weights and inputs: the pipelines named here, "
    "else\n"
    "those that motet_plugin_tests() of the plugin's CMakeLists.txt noted beside the library. For a type that none "
    "uses a\n"
    "setup is made up. motet plugin checks lists the rules; motet explain C017 tells of one.\n\n"
    "Exit status: 0 nothing is wrong; 1 some check failed, crashed or took too long; 2 wrong arguments or pipeline.",
    "  motet plugin verify build/wave_attention.so\n"
    "  motet plugin verify build/tidy.so --pipeline pipeline.yaml --only C014 --only hidden_state --seed 7\n"
    "  motet plugin verify build/tidy.so --strictness 10 --junit verdicts.xml\n"};

struct VerifyArguments {
  std::string library, seed, device = "cpu", junit;
  std::vector<std::string> pipelines, set, only;
  PluginArguments plugins;
  int strictness = verify::kNormal;
  int jobs = 0;
  int limit_s = 20;
  bool list = false;
  bool json = false;
};

// How this command reads inputs, for the stages that the kit feeds as pipelines would.
runtime::Item read_one(const std::vector<std::string>& in, const graph::Graph& graph) {
  std::vector<GivenItem> items = read_items(in, graph);
  if (items.size() != 1) base::fail(base::ErrorKind::user, "a case's inputs give more than one item");
  if (items.front().error) throw base::Error(*items.front().error);
  return std::move(items.front().item);
}

std::uint64_t seed_of(const std::string& text) {
  if (text.empty()) {
    std::random_device device;
    return device();  // 32 bits are enough of them, and short to type again
  }
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size())
    base::fail(base::ErrorKind::user, "--seed " + text + " is no whole number from 0 on");
  return seed;
}

verify::Order order_of(const VerifyArguments& arguments, const Invocation& invocation) {
  verify::Order order;
  order.program = invocation.executable;
  order.library = arguments.library;
  order.pipelines.assign(arguments.pipelines.begin(), arguments.pipelines.end());
  order.set = arguments.set;
  const std::vector<std::filesystem::path> extra(arguments.plugins.folders.begin(), arguments.plugins.folders.end());
  order.plugins = plugin::Registry::search_path(invocation.executable, extra);
  order.only = arguments.only;
  order.strictness = arguments.strictness;
  order.jobs =
      arguments.jobs > 0 ? arguments.jobs : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  order.seed = seed_of(arguments.seed);
  order.device = arguments.device;
  order.limit = std::chrono::seconds(arguments.limit_s);
  return order;
}

}  // namespace

int plugin_verify(const Invocation& invocation) {
  // Not for people: the kit runs itself this way, once for each check.
  if (invocation.arguments.size() == 2 && invocation.arguments.front() == "--child") {
    verify::answer(invocation.arguments.back(), read_one);
    return kAllWell;
  }
  VerifyArguments arguments;
  Options options(kHelp);
  options.positional("LIBRARY", arguments.library)
      .texts("pipeline", arguments.pipelines, "PIPELINE", "a pipeline that uses the plugin; may be given again")
      .texts("set", arguments.set, "NAME=VALUE", "a parameter of the pipelines; may be given again")
      .texts("only", arguments.only, "CHECK|TYPE",
             "tries this check (C014, or its name), stage type or operation; may be given again")
      .number("strictness", arguments.strictness, 1, 10, "N", "1, the first rules; 5, all of them; 10, at length too")
      .number("jobs", arguments.jobs, 0, 256, "N", "checks at once; 0, as many as there are processors")
      .number("limit", arguments.limit_s, 1, 3600, "S", "seconds that one check may take")
      .text("seed", arguments.seed, "N", "repeats the random values of the report that names it")
      .text("device", arguments.device, "NAME", "where stages compute: cpu or vulkan")
      .among({"cpu", "vulkan"})
      .text("junit", arguments.junit, "FILE", "writes the verdicts as JUnit XML too");
  add_plugin_options(options, arguments.plugins);
  options.flag("list", arguments.list, "says what would be tried, and tries nothing")
      .flag("json", arguments.json, "the verdicts as JSON");
  if (!options.parse(invocation)) return kAllWell;
  const verify::Order order = order_of(arguments, invocation);
  if (arguments.list) {
    StandardOutput().write(report::planned_text(verify::plan(order)));
    return kAllWell;
  }
  if (!arguments.junit.empty()) report::require_writable(std::filesystem::absolute(arguments.junit).parent_path());
  const verify::Verified verified = verify::verify(order);
  if (!arguments.junit.empty()) report::write_file(arguments.junit, report::verified_junit(verified));
  StandardOutput().write(arguments.json ? report::verified_json(verified) : report::verified_text(verified));
  return verified.good() ? kAllWell : kItemFailed;
}

}  // namespace motet::cli
