#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/nearest.hpp"
#include "cli/differences.hpp"
#include "cli/exit_status.hpp"
#include "cli/inputs.hpp"
#include "cli/pipeline_arguments.hpp"
#include "cli/signals.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "report/errors.hpp"
#include "report/test_report.hpp"
#include "runtime/session.hpp"
#include "spec/test_file.hpp"
#include "spec/written_input.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {
    "motet test PIPELINE [--set NAME=VALUE...] [--only CASE...] [OPTION...]",
    "Runs the tests that lie beside a pipeline, pipeline.test.yaml beside pipeline.yaml: cases with their parameters "
    "and\n"
    "inputs, and the outputs, with tolerances, or the error that must come of them.\n\n"
    "Exit status: 0 all as expected; 1 some case was not; 2 wrong arguments, or a file of tests that cannot be read.",
    "  motet test pipelines/tokenize --set file=DIR\n"
    "  motet test my.yaml --plugins build --only nothing\n"};

struct TestArguments {
  PipelineArguments pipeline;
  DeviceArguments device;
  std::vector<std::string> only;
  bool json = false;
};

// A pipeline with parameters, ready to run. Cases with the same parameters share it.
struct Prepared {
  graph::Graph graph;
  std::unique_ptr<device::Device> device;
  std::unique_ptr<runtime::Session> session;
};

// Of inputs and outputs that the pipeline does not have.
struct NamesError : base::DiagnosticsError {
  using DiagnosticsError::DiagnosticsError;
};

class Tests {
 public:
  Tests(const TestArguments& arguments, const Invocation& invocation)
      : arguments_(arguments),
        invocation_(invocation),
        registry_(scan_plugins(arguments.pipeline.plugins, invocation)) {
    base::Diagnostics diagnostics;
    pipeline_ = spec::pipeline_file(arguments.pipeline.pipeline);
    file_ = spec::load_tests(spec::test_file_of(pipeline_), diagnostics);
    if (!diagnostics.empty()) throw base::DiagnosticsError(std::move(diagnostics));
    given_ = given_params(arguments.pipeline);
    for (const auto& [name, what] : file_->needs) {
      if (!given_.contains(name.text))
        base::fail(base::ErrorKind::user, "the tests need --set " + name.text + "=...", name.text + ": " + what);
    }
  }

  report::Tested run() {
    report::Tested out{file_->path.string(), "", {}};
    for (const spec::TestCase& one : chosen()) {
      if (cancelled()) base::fail(base::ErrorKind::cancelled, "cancelled");
      const runtime::Stopwatch watch;
      report::TestedCase tested{one.name.text, one.name.place.text(), {}, {}, 0};
      run_case(one, tested);
      tested.ms = watch.ms();
      out.cases.push_back(std::move(tested));
    }
    out.device = device_;
    return out;
  }

 private:
  std::vector<spec::TestCase> chosen() const {
    if (arguments_.only.empty()) return file_->cases;
    std::vector<spec::TestCase> out;
    for (const std::string& name : arguments_.only) {
      const auto found = std::find_if(file_->cases.begin(), file_->cases.end(),
                                      [&](const spec::TestCase& one) { return one.name.text == name; });
      if (found == file_->cases.end()) {
        std::vector<std::string> known;
        for (const spec::TestCase& one : file_->cases) known.push_back(one.name.text);
        base::fail(base::ErrorKind::user, "there is no case '" + name + "'", base::suggestion(name, known));
      }
      out.push_back(*found);
    }
    return out;
  }

  void run_case(const spec::TestCase& one, report::TestedCase& tested) {
    try {
      const Prepared& prepared = prepare(one);
      check_names(one, prepared.graph);
      compare(one, prepared.graph, run_item(one, prepared), tested);
    } catch (const NamesError&) {
      throw;  // the tests are wrong, not what they test
    } catch (const base::Error& error) {
      if (error.kind() == base::ErrorKind::cancelled) throw;
      take_error(one, error, tested);
    }
  }

  // The command's word goes before the file's.
  const Prepared& prepare(const spec::TestCase& one) {
    spec::GivenParams given = given_;
    std::string key;
    for (const spec::Argument& argument : one.params) {
      given.try_emplace(argument.name.text, spec::Given{argument.value, argument.name.place,
                                                        std::filesystem::absolute(file_->path).parent_path()});
      key += argument.name.place.text() + " ";
    }
    if (!prepared_ || key != prepared_key_) {
      prepared_.reset();  // a model less in memory before the next is read
      auto made = std::make_unique<Prepared>(
          Prepared{resolve(arguments_.pipeline, registry_, invocation_, given), nullptr, nullptr});
      made->device = open_device(arguments_.device, made->graph);
      runtime::SessionOptions options;
      options.threads = arguments_.device.threads;
      made->session = std::make_unique<runtime::Session>(made->graph, *made->device, options);
      device_ = made->device->traits().device;
      prepared_ = std::move(made);
      prepared_key_ = key;
    }
    return *prepared_;
  }

  static std::vector<std::string> names(const auto& list) {
    std::vector<std::string> out;
    for (const auto& one : list) out.push_back(one.name);
    return out;
  }

  static void check_names(const spec::TestCase& one, const graph::Graph& graph) {
    base::Diagnostics diagnostics;
    const auto check = [&](const spec::Text& name, const std::vector<std::string>& known, const char* what) {
      if (std::find(known.begin(), known.end(), name.text) == known.end())
        diagnostics.add("M0031", name.place, std::string("the pipeline has no ") + what + " '" + name.text + "'",
                        base::suggestion(name.text, known));
    };
    for (const spec::Argument& argument : one.in) check(argument.name, names(graph.inputs), "input");
    for (const spec::Expected& expected : one.out) check(expected.output, names(graph.outputs), "output");
    if (!diagnostics.empty()) throw NamesError(std::move(diagnostics));
  }

  std::vector<value::Ref> run_item(const spec::TestCase& one, const Prepared& prepared) const {
    for (const graph::Input& input : prepared.graph.inputs) {
      const bool given = std::any_of(one.in.begin(), one.in.end(),
                                     [&](const spec::Argument& argument) { return argument.name.text == input.name; });
      if (!given && !input.otherwise)
        base::fail(base::ErrorKind::user, "input '" + input.name + "' is missing", "add it to the case's 'in:'");
    }
    std::vector<std::string> in;
    for (const spec::Argument& argument : one.in) {
      const auto input = std::find_if(prepared.graph.inputs.begin(), prepared.graph.inputs.end(),
                                      [&](const graph::Input& i) { return i.name == argument.name.text; });
      const bool text = input->type.kind == graph::Kind::text;
      in.push_back(argument.name.text + "=" + spec::written_input(argument.value, text, file_->folder()));
    }
    std::vector<GivenItem> items = read_items(in, prepared.graph);
    if (items.size() != 1)
      base::fail(base::ErrorKind::user, "an input of a case gives " + std::to_string(items.size()) + " items",
                 "a case runs one item: name one file");
    if (items.front().error) throw base::Error(*items.front().error);
    runtime::RunOptions options;
    options.cancelled = &cancelled();
    std::vector<runtime::ItemResult> results = prepared.session->run({items.front().item}, options);
    if (results.front().error) throw base::Error(*results.front().error);
    return std::move(results.front().outputs);
  }

  static void compare(const spec::TestCase& one, const graph::Graph& graph, const std::vector<value::Ref>& outputs,
                      report::TestedCase& tested) {
    if (one.error) {
      tested.differences.push_back("the run went well, wanted an error" +
                                   (one.error->message.empty() ? "" : ": " + one.error->message));
      return;
    }
    for (const spec::Expected& expected : one.out) {
      const auto at = std::find_if(graph.outputs.begin(), graph.outputs.end(),
                                   [&](const graph::Output& o) { return o.name == expected.output.text; });
      const value::Ref& got = outputs[static_cast<std::size_t>(at - graph.outputs.begin())];
      for (std::string& difference : differences(expected, *got)) tested.differences.push_back(std::move(difference));
    }
  }

  // Whether an error has the code and a message with that text; of several mistakes one that has both is enough.
  static bool is_as_expected(const spec::ExpectedError& wanted, const base::Error& error) {
    const auto* mistakes = dynamic_cast<const base::DiagnosticsError*>(&error);
    if (mistakes == nullptr)
      return wanted.code.empty() && std::string_view(error.what()).find(wanted.message) != std::string_view::npos;
    const auto& list = mistakes->diagnostics().list();
    return std::any_of(list.begin(), list.end(), [&](const base::Diagnostic& one) {
      return (wanted.code.empty() || wanted.code == one.code) &&
             (one.message + "\n" + one.label).find(wanted.message) != std::string::npos;
    });
  }

  static void take_error(const spec::TestCase& one, const base::Error& error, report::TestedCase& tested) {
    if (one.error && is_as_expected(*one.error, error)) return;
    std::string wanted = one.error ? one.error->code : "";
    if (one.error && !one.error->message.empty()) wanted += (wanted.empty() ? "'" : " '") + one.error->message + "'";
    tested.differences.push_back(one.error ? "the error is another one, wanted " + wanted : "the run failed");
    tested.error = report::error_text(error, false);
  }

  const TestArguments& arguments_;
  const Invocation& invocation_;
  plugin::Registry registry_;
  std::filesystem::path pipeline_;
  std::optional<spec::TestFile> file_;
  spec::GivenParams given_;
  std::unique_ptr<Prepared> prepared_;
  std::string prepared_key_, device_;
};

}  // namespace

int test(const Invocation& invocation) {
  TestArguments arguments;
  Options options(kHelp);
  add_pipeline_options(options, arguments.pipeline);
  add_device_options(options, arguments.device);
  options.texts("only", arguments.only, "CASE", "runs this case alone; may be given again")
      .flag("json", arguments.json, "the verdicts as JSON");
  if (!options.parse(invocation)) return kAllWell;
  const report::Tested tested = Tests(arguments, invocation).run();
  StandardOutput().write(arguments.json ? report::tested_json(tested) : report::tested_text(tested));
  return tested.failed() == 0 ? kAllWell : kItemFailed;
}

}  // namespace motet::cli
