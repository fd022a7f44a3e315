#include "cli/run_output.hpp"

#include <unistd.h>

#include <filesystem>
#include <set>

#include "cli/exit_status.hpp"
#include "cli/signals.hpp"
#include "cli/standard_error.hpp"
#include "report/errors.hpp"
#include "report/values.hpp"

namespace motet::cli {
namespace {

// What the items' files begin with: nothing for a single one; the names of the files that the items came from, where
// these are all different; else numbers.
std::vector<std::string> prefixes(const std::vector<GivenItem>& items) {
  if (items.size() == 1) return {""};
  std::vector<std::string> stems;
  std::set<std::string> different;
  for (const GivenItem& item : items) {
    stems.push_back(std::filesystem::path(item.name).stem().string() + ".");
    different.insert(stems.back());
  }
  if (different.size() == items.size() && !items.front().name.empty()) return stems;
  const std::size_t digits = std::to_string(items.size() - 1).size();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string number = std::to_string(i);
    stems[i] = std::string(digits - number.size(), '0') + number + ".";
  }
  return stems;
}

}  // namespace

RunOutput::RunOutput(const graph::Graph& graph, const OutputArguments& arguments, const std::vector<GivenItem>& items)
    : graph_(graph),
      json_(arguments.json),
      count_(items.size()),
      progress_(items.size() > 1 && ::isatty(STDERR_FILENO) == 1) {
  if (arguments.folder.empty()) return;
  folder_.emplace(arguments.folder);
  prefixes_ = prefixes(items);
}

RunOutput::~RunOutput() {
  clear_progress();
  if (!streamed_) return;
  try {
    out_.end_line();  // also after Ctrl-C
  } catch (...) {
    // Nobody reads: what is said of that is said where the run ended.
  }
}

runtime::RunOptions RunOutput::options() {
  runtime::RunOptions options;
  options.cancelled = &cancelled();
  if (!json_ && count_ == 1) {
    options.on_text = [this](std::size_t, std::size_t output, std::string_view piece) {
      if (output != 0) return;
      streamed_ = true;
      out_.write(piece);
    };
  }
  return options;
}

void RunOutput::fail(const GivenItem& given, const base::Error& error) {
  if (!json_) {
    // A stage that read the item's file names it itself.
    const bool named = given.name.empty() || std::string_view(error.what()).find(given.name) != std::string_view::npos;
    say(report::error_text(named ? error : error.within(given.name), coloured()));
  }
  int status = kItemFailed;
  if (error.kind() == base::ErrorKind::plugin || (count_ == 1 && error.kind() == base::ErrorKind::user)) {
    status = exit_status(error.kind());
  }
  status_ = std::max(status_, status);
}

void RunOutput::take(const GivenItem& given, runtime::ItemResult result) {
  clear_progress();
  report::ReportedItem item{given.item.inputs, {}, {}, std::move(result.error)};
  if (streamed_) out_.end_line();
  if (item.error) {
    fail(given, *item.error);
  } else {
    item.outputs = std::move(result.outputs);
    if (!json_ && !streamed_ && !item.outputs.empty()) out_.write(report::value_text(*item.outputs.front()));
    for (std::size_t o = 0; folder_ && o < item.outputs.size(); ++o) {
      item.files.push_back(folder_->write(prefixes_[done_] + graph_.outputs[o].name, *item.outputs[o]));
    }
  }
  if (json_) reported_.push_back(std::move(item));
  ++done_;
  show_progress();
}

void RunOutput::finish(const report::RunFacts& facts) {
  clear_progress();
  if (json_) out_.write(report::run_json(graph_, reported_, facts));
}

void RunOutput::show_progress() {
  if (!progress_ || done_ == count_) return;
  say("\r" + std::to_string(done_) + " of " + std::to_string(count_) + " items");
  progress_shown_ = true;
}

void RunOutput::clear_progress() {
  if (progress_shown_) say("\r\x1b[K");
  progress_shown_ = false;
}

}  // namespace motet::cli
