// What is said where a value does not fit a port: both ends, where the sizes come from, and what would fit.
#include <algorithm>

#include "graph/resolver.hpp"

namespace motet::graph {

using base::Diagnostic;

namespace {

bool has_kind(const std::vector<plugin::PortInfo>& ports, Kind kind) {
  return std::any_of(ports.begin(), ports.end(), [&](const plugin::PortInfo& port) {
    const auto types = parse_port_type(port.type);
    return std::any_of(types.begin(), types.end(), [&](const PortType& type) { return type.kind == kind; });
  });
}

std::string joined(const std::vector<std::string>& names, const std::string& between = ", ") {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : between) + name;
  return out;
}

// The letter of a port's dimension, counted from the end, "..." where a leading one is meant; "" where it is a number.
std::string letter_at(const PortType& type, std::size_t from_end) {
  const bool any_leading = !type.dims.empty() && type.dims.front().ellipsis;
  const std::size_t fixed = type.dims.size() - (any_leading ? 1 : 0);
  if (from_end > fixed) return any_leading ? "..." : "";
  return type.dims[type.dims.size() - from_end].letter;
}

}  // namespace

std::string Resolver::edge_name(int at, std::size_t i, const Source& source) const {
  const Stage& stage = graph_.stages[index(at)];
  return source_name(graph_, source) + " -> " + stage.name + "." + stage.type->inputs[i].name;
}

std::string Resolver::taken(int at, std::size_t i) const {
  std::string out;
  for (const PortType& type : drafts_[index(at)].in_types[i]) out += (out.empty() ? "" : " or ") + graph::text(type);
  return out;
}

Diagnostic& Resolver::add_misfit(int at, std::size_t i, const Source& source, bool shapes, const std::string& given) {
  Diagnostic& d =
      diagnostics_.add(shapes ? "M0207" : "M0206", source.place,
                       (shapes ? "shapes do not fit on " : "types do not fit on ") + edge_name(at, i, source));
  d.label = given + " from " + source_name(graph_, source);
  if (source.stage >= 0 && graph_.stages[index(source.stage)].place) {
    d.label += " (line " + std::to_string(graph_.stages[index(source.stage)].place.line) + ")";
  }
  return d;
}

void Resolver::report_misfit(int at, std::size_t i, const Source& source, const EdgeType* seen, const Misfit& misfit) {
  const EdgeType& from = graph_.type(source);
  const std::string given = text(from, graph_.symbols);
  const std::string used = seen != nullptr ? text(*seen, graph_.symbols) : given;
  Diagnostic& d = add_misfit(at, i, source, misfit.from_end > 0, given);
  // Sizes are counted in what the stage sees, so that is shown too.
  if (used != given) d.label += seen->batched ? ", in a batch " + used : ", of which an item is " + used;
  d.notes.push_back({{},
                     graph_.stages[index(at)].type->id + " takes " + taken(at, i) +
                         (misfit.reason.empty() ? "" : ": " + misfit.reason)});
  if (misfit.from_end > 0) {
    explain_sizes(at, source, misfit, d);
  } else if (misfit.rank >= 0) {
    d.help = rank_help(at, source, *seen, misfit.rank);
  } else if (from.kind == drafts_[index(at)].in_types[i].front().kind) {
    d.help = same_kind_help(at, i, source);
  } else {
    d.help = kind_help(from.kind, at, i);
  }
}

void Resolver::check_declared_kind(int at, std::size_t i, const Source& source) {
  const Stage& stage = graph_.stages[index(at)];
  if (graph_.stages[index(source.stage)].type == nullptr) return;
  const PortType& declared = drafts_[index(source.stage)].out_types[index(source.port)].front();
  if (kind_fits(stage.way, declared.kind, drafts_[index(at)].in_types[i])) return;
  Diagnostic& d = add_misfit(at, i, source, false, graph::text(declared));
  d.notes.push_back({{}, stage.type->id + " takes " + taken(at, i)});
  d.help = kind_help(declared.kind, at, i);
}

Resolver::Origin Resolver::trace(Source source, std::size_t from_end, std::vector<base::Note>& notes) const {
  for (;;) {
    if (source.stage < 0) return {source_name(graph_, source), flat_.top().inputs[index(source.port)].type.place, true};
    const Stage& stage = graph_.stages[index(source.stage)];
    const Origin here{stage.name + " (" + stage.type->id + ")", stage.place, false};
    const Draft& draft = drafts_[index(source.stage)];
    const std::string letter = letter_at(draft.out_types[index(source.port)].front(), from_end);
    const std::optional<std::size_t> input = letter.empty() ? std::nullopt : input_with(source.stage, letter);
    if (!input) return here;
    // Counted from the end of the input that has the same letter; leading ones keep their distance from what follows.
    const PortType& out = draft.out_types[index(source.port)].front();
    const PortType& in = draft.in_types[*input].front();
    std::size_t there = 1;
    if (letter == "...") {
      there = from_end - out.dims.size() + in.dims.size();
    } else {
      while (letter_at(in, there) != letter) ++there;
    }
    const EdgeType& got = stage.input_types[*input];
    const EdgeType& gave = graph_.type(source);
    const bool same = there <= got.dims.size() && from_end <= gave.dims.size() &&
                      graph_.symbols.resolve(got.dims[got.dims.size() - there]) ==
                          graph_.symbols.resolve(gave.dims[gave.dims.size() - from_end]);
    if (!same) return here;
    source = *stage.inputs[*input];
    from_end = there;
    notes.push_back({source.place, stage.name + " has it from " + source_name(graph_, source)});
  }
}

std::optional<std::size_t> Resolver::input_with(int at, const std::string& letter) const {
  const Stage& stage = graph_.stages[index(at)];
  for (std::size_t i = 0; i < stage.inputs.size(); ++i) {
    const std::vector<PortType>& types = drafts_[index(at)].in_types[i];
    if (!stage.inputs[i] || types.size() != 1) continue;
    for (const DimPattern& dim : types.front().dims) {
      if (dim.ellipsis ? letter == "..." : dim.letter == letter) return i;
    }
  }
  return std::nullopt;
}

void Resolver::explain_sizes(int at, const Source& source, const Misfit& misfit, Diagnostic& d) {
  const std::string got = graph_.symbols.text(misfit.got);
  const std::string wanted = graph_.symbols.text(misfit.wanted);
  std::optional<Origin> other;
  for (const base::Note& reason : graph_.symbols.why(misfit.wanted)) {
    d.notes.push_back({reason.place, misfit.letter + " is " + wanted + " since " + reason.text});
    const std::optional<std::size_t> input = other ? std::nullopt : input_with(at, misfit.letter);
    if (!input || edge_name(at, *input, *graph_.stages[index(at)].inputs[*input]) != reason.text) continue;
    std::size_t from_end = 1;
    while (letter_at(drafts_[index(at)].in_types[*input].front(), from_end) != misfit.letter) ++from_end;
    other = trace(*graph_.stages[index(at)].inputs[*input], from_end, d.notes);
    d.notes.push_back({other->place, wanted + " comes from " + other->name});
  }
  const Origin here = trace(source, misfit.from_end, d.notes);
  d.notes.push_back({here.place, got + " comes from " + here.name});
  const auto change = [](const Origin& origin, const std::string& size) {
    return (origin.is_input ? "declare " : "let ") + origin.name + (origin.is_input ? " with " : " give ") + size;
  };
  d.help = change(here, wanted) + (other ? ", or " + change(*other, got) : "");
  if (!here.is_input || (other && !other->is_input)) d.help += "; a stage's sizes come from its weights and parameters";
}

std::string Resolver::rank_help(int at, const Source& source, const EdgeType& seen, int rank) const {
  // What an author writes has no batch.
  const int wanted = rank - (seen.batched ? 1 : 0);
  const std::string count = std::to_string(wanted) + (wanted == 1 ? " dimension" : " dimensions");
  const std::string batch = seen.batched ? ", to which the batch's is added" : "";
  if (source.stage < 0) return "declare " + source_name(graph_, source) + " with " + count + batch;
  std::string others;
  const Stage& giver = graph_.stages[index(source.stage)];
  for (std::size_t port = 0; port < giver.output_types.size(); ++port) {
    const EdgeType& type = giver.output_types[port];
    if (type.kind == Kind::tensor && static_cast<int>(type.dims.size()) - (type.batched ? 1 : 0) == wanted)
      others += (others.empty() ? ": " : ", ") + giver.name + "." + giver.type->outputs[port].name;
  }
  return "give " + graph_.stages[index(at)].name + " a tensor with " + count + batch + others;
}

std::string Resolver::same_kind_help(int at, std::size_t i, const Source& source) const {
  const EdgeType& from = graph_.type(source);
  const PortType& wanted = drafts_[index(at)].in_types[i].front();
  const std::string what = from.list == wanted.list ? "elements of " + std::string(tensor::name(wanted.dtype))
                           : wanted.list            ? "a list, " + graph::text(wanted)
                                                    : "one value, " + graph::text(wanted);
  if (source.stage >= 0) return "give " + graph_.stages[index(at)].name + " " + what;
  return "declare " + source_name(graph_, source) + (from.list == wanted.list ? " with " : " as ") + what;
}

std::vector<std::string> Resolver::makers(Kind from, Kind to) const {
  std::vector<std::string> out;
  for (const plugin::PluginInfo& plugin : registry_.plugins()) {
    for (const plugin::StageTypeInfo& type : plugin.types) {
      // What a generator scores is for the engine alone.
      const bool gives = has_kind(type.outputs, to) && !(type.is_generator() && to == Kind::tensor);
      if (from != to && type.inputs.size() == 1 && has_kind(type.inputs, from) && gives) out.push_back(type.id);
    }
  }
  return out;
}

std::string Resolver::kind_help(Kind from, int at, std::size_t i) const {
  const Kind wanted = drafts_[index(at)].in_types[i].front().kind;
  if (const auto direct = makers(from, wanted); !direct.empty()) return "between them could stand: " + joined(direct);
  for (const Kind between : {Kind::tokens, Kind::text, Kind::audio, Kind::image, Kind::table, Kind::tensor}) {
    const auto first = makers(from, between), second = makers(between, wanted);
    if (!first.empty() && !second.empty())
      return "between them could stand: " + joined(first, " or ") + ", and then " + joined(second, " or ");
  }
  std::vector<std::string> fitting;
  for (std::size_t input = 0; input < graph_.inputs.size(); ++input) {
    if (graph_.input_types[input].kind == wanted) fitting.push_back("inputs." + graph_.inputs[input].name);
  }
  for (const Stage& stage : graph_.stages) {  // those that come before have types by now
    for (std::size_t port = 0; stage.owner < 0 && port < stage.output_types.size(); ++port) {
      if (stage.output_types[port].kind == wanted) fitting.push_back(stage.name + "." + stage.type->outputs[port].name);
    }
  }
  const std::string kind(name(wanted));
  if (!fitting.empty()) return "of the kind " + kind + " are: " + joined(fitting);
  return "nothing here is of the kind " + kind + ": declare an input of it, or add a stage that gives it";
}

}  // namespace motet::graph
