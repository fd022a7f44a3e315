// Where a run's results go: stdout, files, JSON; and what failed, to stderr.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/inputs.hpp"
#include "cli/standard_output.hpp"
#include "graph/graph.hpp"
#include "report/output_folder.hpp"
#include "report/run_report.hpp"
#include "runtime/session.hpp"

namespace motet::cli {

struct OutputArguments {
  std::string folder;  // empty: none
  bool json = false;
};

class RunOutput {
 public:
  // Throws base::Error(environment) at once where the folder cannot be written. The graph must outlive this.
  RunOutput(const graph::Graph& graph, const OutputArguments& arguments, const std::vector<GivenItem>& items);
  ~RunOutput();
  RunOutput(const RunOutput&) = delete;
  RunOutput& operator=(const RunOutput&) = delete;

  // For Session::run: text as it comes, where one item is all there is.
  runtime::RunOptions options();
  // The next item's result, in order.
  void take(const GivenItem& given, runtime::ItemResult result);
  void finish(const report::RunFacts& facts);
  int status() const { return status_; }

 private:
  void show_progress();
  void clear_progress();
  void fail(const GivenItem& given, const base::Error& error);

  const graph::Graph& graph_;
  bool json_;
  std::optional<report::OutputFolder> folder_;
  std::vector<std::string> prefixes_;  // of the items' files
  std::vector<report::ReportedItem> reported_;
  StandardOutput out_;
  std::size_t count_;
  std::size_t done_ = 0;
  bool streamed_ = false;
  bool progress_ = false;  // stderr is a terminal, and there is something to count
  bool progress_shown_ = false;
  int status_ = 0;
};

}  // namespace motet::cli
