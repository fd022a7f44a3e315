#include "report/page.hpp"

#include <algorithm>
#include <cstdio>

#include "report/markup.hpp"
#include "tensor/dtype.hpp"

namespace motet::report {
namespace {

constexpr const char* kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>)";
constexpr const char* kPageStyle = R"(</title>
<style>
body { margin: 0; color: #1d2733; background: #f6f7f9; font: 15px/1.45 -apple-system, "Segoe UI", "DejaVu Sans", Helvetica, Arial, sans-serif; }
main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 24px; padding: 24px; }
@media (max-width: 1100px) { main { grid-template-columns: minmax(0, 1fr); } }
figure { margin: 0; position: sticky; top: 24px; align-self: start; max-height: calc(100vh - 48px); overflow: auto; background: #ffffff; border-radius: 10px; }
@media (max-width: 1100px) { figure { position: static; max-height: none; } }
figure a { cursor: pointer; }
figure a:hover rect:first-of-type, figure a:focus rect:first-of-type { stroke-width: 3; }
.bar { display: flex; gap: 12px; align-items: baseline; flex-wrap: wrap; margin: 0 0 12px; color: #5a6572; }
button { font: inherit; font-size: 13px; padding: 3px 10px; border: 1px solid #a3acb8; border-radius: 6px; background: #ffffff; cursor: pointer; }
details { background: #ffffff; border: 1px solid #d9dee5; border-left: 5px solid #6f8fb3; border-radius: 8px; margin: 0 0 10px; padding: 0 16px; }
details.tensor { border-left-color: #2f7d6d; }
details.generator { border-left-color: #c0762b; }
details.weights { border-left-color: #d9dee5; }
details details { margin: 10px 0; }
details[open] { padding-bottom: 14px; }
details.chosen { box-shadow: 0 0 0 2px #1d6fd1; }
summary { cursor: pointer; padding: 9px 0; }
summary b { margin-right: 8px; }
summary code { color: #5a6572; }
summary .time { float: right; color: #5a6572; font-variant-numeric: tabular-nums; }
h3 { font-size: 13px; margin: 12px 0 4px; color: #5a6572; font-weight: 600; }
p { margin: 4px 0; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; font-size: 13.5px; }
td { padding: 3px 12px 3px 0; vertical-align: top; border-top: 1px solid #eef0f3; overflow-wrap: anywhere; }
td:first-child { width: 22%; font-weight: 600; }
td:nth-child(2) { width: 34%; }
td.help { color: #5a6572; }
code { font: 12.5px/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
.share { display: block; clear: both; height: 4px; border-radius: 2px; background: #e4e8ee; margin-top: 7px; }
.share i { display: block; height: 100%; border-radius: 2px; background: #c0762b; }
</style>
</head>
<body>
<main>
<figure>
)";
// Without scripts the links still lead to their stages, and each opens by a click of its own.
constexpr const char* kScript = R"(</section>
</main>
<script>
"use strict";
const stages = [...document.querySelectorAll("section > details")];
function show() {
  const chosen = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (const stage of stages) stage.classList.toggle("chosen", stage === chosen);
  if (!chosen) return;
  chosen.open = true;
  chosen.scrollIntoView({block: "nearest"});
}
addEventListener("hashchange", show);
for (const link of document.querySelectorAll("figure a")) link.addEventListener("click", () => setTimeout(show));
document.getElementById("all").addEventListener("click", () => {
  const open = stages.some(stage => !stage.open);
  for (const stage of stages) stage.open = open;
});
show();
</script>
</body>
</html>
)";

std::string milliseconds(double ms) {
  char text[48];
  if (ms < 1000) {
    std::snprintf(text, sizeof text, "%.*f ms", ms < 10 ? 2 : ms < 100 ? 1 : 0, ms);
  } else {
    std::snprintf(text, sizeof text, "%.2f s", ms / 1000);
  }
  return text;
}

std::string size_text(double bytes) {
  char text[48];
  const bool large = bytes >= 1 << 20;
  std::snprintf(text, sizeof text, large ? "%.1f MiB" : "%.1f KiB", bytes / (large ? 1 << 20 : 1 << 10));
  return text;
}

std::string value_words(const host::ParamValue& value) {
  struct Words {
    std::string operator()(std::monostate) const { return ""; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const {
      char text[32];
      std::snprintf(text, sizeof text, "%g", v);
      return text;
    }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(const std::vector<std::string>& v) const {
      std::string out;
      for (const std::string& one : v) out += (out.empty() ? "" : ", ") + one;
      return "[" + out + "]";
    }
  };
  return std::visit(Words{}, value.value);
}

class Page {
 public:
  Page(Drawing& drawing, const graph::Graph& graph, const std::optional<LastRun>& run)
      : drawing_(drawing), graph_(graph), run_(run) {
    for (Drawing::Box& box : drawing_.boxes) {
      if (box.stage >= 0) box.link = "#" + anchor(stage(box.stage));
    }
  }

  std::string run() const {
    std::string out = kHead + escaped(graph_.name) + kPageStyle + svg_text(drawing_) + "</figure>\n<section>\n";
    out += "<div class=\"bar\"><span>" + std::to_string(stages()) + (stages() == 1 ? " stage" : " stages") + "</span>";
    if (run_)
      out += "<span>last run: " + milliseconds(run_->total_ms) + " on " + escaped(run_->device) + ", of it " +
             milliseconds(run_->load_ms) + " to load</span>";
    out += "<button id=\"all\" type=\"button\">open or close all</button></div>\n";
    for (const Drawing::Box& box : drawing_.boxes) {
      if (box.stage >= 0) out += details(stage(box.stage), box.once);
    }
    return out + kScript;
  }

 private:
  const graph::Stage& stage(int at) const { return graph_.stages[static_cast<std::size_t>(at)]; }
  std::size_t stages() const {
    return static_cast<std::size_t>(
        std::count_if(drawing_.boxes.begin(), drawing_.boxes.end(), [](const auto& box) { return box.stage >= 0; }));
  }
  static std::string anchor(const graph::Stage& one) { return "stage-" + one.name; }
  static std::string way(const graph::Stage& one) {
    switch (one.way) {
      case graph::Way::tensor:
        return "tensor";
      case graph::Way::generator:
        return "generator";
      default:
        return "host";
    }
  }
  // Stages of one program have its time, and its name has theirs: "left+right+match".
  struct Time {
    const LastRun::Stage* of = nullptr;
    bool shared = false;
  };
  Time time_of(const graph::Stage& one) const {
    if (!run_) return {};
    const auto found = run_->stages.find(one.name);
    if (found != run_->stages.end()) return {&found->second, false};
    for (const auto& [name, time] : run_->stages) {
      if (("+" + name + "+").find("+" + one.name + "+") != std::string::npos) return {&time, true};
    }
    return {};
  }

  static std::string row(const std::string& name, const std::string& code, const std::string& help) {
    return "<tr><td>" + escaped(name) + "</td><td><code>" + escaped(code) + "</code></td><td class=\"help\">" +
           escaped(help) + "</td></tr>\n";
  }
  static std::string table(const std::string& title, const std::string& rows) {
    return rows.empty() ? "" : "<h3>" + title + "</h3>\n<table>\n" + rows + "</table>\n";
  }
  std::string source_text(const graph::Source& source) const {
    if (source.stage < 0) return "from the input " + graph_.inputs[static_cast<std::size_t>(source.port)].name;
    const graph::Stage& from = stage(source.stage);
    return "from " + from.name + "." + from.type->outputs[static_cast<std::size_t>(source.port)].name;
  }

  std::string ports(const graph::Stage& one) const {
    std::string in, out;
    for (std::size_t i = 0; i < one.type->inputs.size(); ++i) {
      if (!one.inputs[i]) continue;
      in += row(one.type->inputs[i].name, type_words(one.input_types[i], graph_), source_text(*one.inputs[i]));
    }
    for (std::size_t i = 0; i < one.type->outputs.size() && i < one.output_types.size(); ++i)
      out += row(one.type->outputs[i].name, type_words(one.output_types[i], graph_), one.type->outputs[i].help);
    return table("takes", in) + table("gives", out);
  }

  std::string parameters(const graph::Stage& one) const {
    std::string rows;
    for (std::size_t i = 0; i < one.parameters.size() && i < one.type->params.size(); ++i) {
      const std::string words = value_words(one.parameters[i]);
      rows += row(one.parameters[i].name, words.empty() ? "not given" : words, one.type->params[i].help);
    }
    return table("parameters", rows);
  }

  std::string weights(const graph::Stage& one) const {
    if (one.weights_by_name.empty()) return {};
    double bytes = 0;
    std::string rows;
    for (const auto& [name, weight] : one.weights_by_name) {
      bytes += static_cast<double>(weight.bytes.size());
      rows += row(name, std::string(tensor::name(weight.dtype)) + weight.shape.text(), weight.name);
    }
    const std::size_t count = one.weights_by_name.size();
    return "<details class=\"weights\"><summary>" + std::to_string(count) + (count == 1 ? " weight, " : " weights, ") +
           size_text(bytes) + "</summary>\n<table>\n" + rows + "</table>\n</details>\n";
  }

  std::string timing(const graph::Stage& one) const {
    const auto [time, shared] = time_of(one);
    if (time == nullptr) return {};
    std::string rows = row(shared ? "its program" : "in all", milliseconds(time->total_ms),
                           std::to_string(time->calls) + (time->calls == 1 ? " call" : " calls"));
    if (time->generator) {
      const std::uint64_t prompt = time->generator->prompt_tokens;
      rows += row("prompt", milliseconds(time->generator->prefill_ms),
                  std::to_string(prompt) + (prompt == 1 ? " token" : " tokens"));
      rows += row("a step", milliseconds(time->generator->step_ms),
                  "the median of " + std::to_string(time->generator->steps));
    }
    return table("last run", rows);
  }

  std::string details(const graph::Stage& one, bool once) const {
    std::string out = "<details id=\"" + escaped(anchor(one)) + "\" class=\"" + way(one) + "\">\n<summary><b>" +
                      escaped(one.slot.empty() ? one.name : one.slot) + "</b> <code>" + escaped(one.type->id) +
                      "</code>";
    const auto [time, shared] = time_of(one);
    if (time != nullptr)
      out += "<span class=\"time\">" + std::string(shared ? "its program: " : "") + milliseconds(time->total_ms) +
             "</span>";
    if (time != nullptr && run_->total_ms > 0) {
      char share[32];
      std::snprintf(share, sizeof share, "%.1f", std::min(100.0, 100 * time->total_ms / run_->total_ms));
      out += "<span class=\"share\"><i style=\"width: " + std::string(share) + "%\"></i></span>";
    }
    out += "</summary>\n";
    out += "<p>" + escaped(one.type->summary) + (once ? " Computed once a run." : "") + "</p>\n";
    out += timing(one) + ports(one) + parameters(one) + weights(one);
    for (const auto& [slot, filler] : one.slots) out += details(stage(filler), false);
    return out + "</details>\n";
  }

  Drawing& drawing_;
  const graph::Graph& graph_;
  const std::optional<LastRun>& run_;
};

}  // namespace

std::string page_text(Drawing drawing, const graph::Graph& graph, const std::optional<LastRun>& run) {
  return Page(drawing, graph, run).run();
}

}  // namespace motet::report
