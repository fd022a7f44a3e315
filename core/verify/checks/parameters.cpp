// 40 to 45 and 48: what a type declares of its parameters is true.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "spec/document.hpp"
#include "spec/params.hpp"
#include "verify/child.hpp"
#include "verify/exercise.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

using Values = std::vector<host::ParamValue>;

// What a stage that builds makes of items of several sizes. That one is too short or too long for it is that item's
// affair; that all are is not.
std::optional<host::Failure> built_with(Trial& trial, Made& made) {
  Subject& subject = trial.subject();
  std::vector<runtime::Item> items = subject.pipeline_items();
  for (const std::int64_t size : {1, 31, 257}) {
    if (std::optional<runtime::Item> item = subject.item_of_size(size)) items.push_back(std::move(*item));
  }
  const std::vector<runtime::ItemResult> results = subject.run(items, trial.device(), &made);
  std::size_t failed = 0;
  for (const runtime::ItemResult& result : results) {
    if (!result.error) continue;
    if (cited_obligation(result.error->what()) != 0) throw base::Error(*result.error);
    if (result.error->kind() != base::ErrorKind::item || ++failed == results.size())
      return host::Failure{MOTET_INVALID_ITEM, "", std::string("in a build: ") + result.error->what()};
  }
  return std::nullopt;
}

// Makes and uses an instance with these parameters; what it refuses.
std::optional<host::Failure> made_with(Trial& trial, const Values& values) {
  Subject& subject = trial.subject();
  Making making;
  making.parameters = &values;
  std::optional<Made> made;
  if (auto refused = refusal([&] { made.emplace(subject.make(making)); })) return refused;
  // With other parameters it may want weights of other shapes, which the host refuses itself.
  if (const auto& complaints = made->complaints().list(); !complaints.empty())
    return host::Failure{MOTET_UNSUPPORTED, "weights", complaints.front().message};
  if (subject.type().is_host()) exercise_host_stage(trial, **made);
  if (subject.type().is_tokenizer()) exercise_tokenizer(**made);
  if (subject.type().is_sampler()) exercise_sampler(trial, **made);
  if (subject.type().is_tensor() || subject.type().is_generator()) return built_with(trial, *made);
  return std::nullopt;
}

std::string text_of(const host::ParamValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value.value)) return std::to_string(*integer);
  if (const auto* number = std::get_if<double>(&value.value)) return spec::number_text(*number);
  if (const auto* text = std::get_if<std::string>(&value.value))
    return "'" + (text->size() > 40 ? text->substr(0, 40) + "..." : *text) + "'";
  return "it";
}

template <class Use>
void with_each(Trial& trial, std::size_t at, const std::vector<host::ParamValue>& tried, Use use) {
  for (const host::ParamValue& one : tried) {
    Values values = trial.subject().stage().parameters;
    values[at] = one;
    use(values, one);
  }
}

host::ParamValue number_value(const plugin::ParamInfo& param, double number) {
  host::ParamValue out{param.name, param.kind, {}};
  if (param.kind == MOTET_PARAM_INT) {
    out.value = static_cast<std::int64_t>(number);
  } else {
    out.value = number;
  }
  return out;
}

bool is_number(const plugin::ParamInfo& param) {
  return param.kind == MOTET_PARAM_INT || param.kind == MOTET_PARAM_FLOAT;
}

// The ends of its range, and its choices.
std::vector<host::ParamValue> limits(const plugin::ParamInfo& param) {
  std::vector<host::ParamValue> out;
  if (is_number(param)) {
    for (const double bound : {param.minimum, param.maximum}) {
      // Sizes of that kind are no use of the parameter, only of memory.
      if (std::isfinite(bound) && std::fabs(bound) <= 65536) out.push_back(number_value(param, bound));
    }
  }
  for (const std::string& choice : param.choices) out.push_back({param.name, param.kind, choice});
  if (param.kind == MOTET_PARAM_BOOL) {
    for (const bool one : {false, true}) out.push_back({param.name, param.kind, one});
  }
  return out;
}

// Whoever wrote the pipeline is shown a place.
bool explained(const host::Failure& refused) {
  const std::string& path = refused.path;
  return path.starts_with("with.") || path.starts_with("weights") || path.starts_with("slots") ||
         path.starts_with("in.");
}

void at_its_limits(Trial& trial) {
  const plugin::StageTypeInfo& type = trial.subject().type();
  int tried = 0;
  for (std::size_t i = 0; i < type.params.size(); ++i) {
    with_each(trial, i, limits(type.params[i]), [&](const Values& values, const host::ParamValue& one) {
      ++tried;
      const auto refused = made_with(trial, values);
      expect(!refused || explained(*refused), "with " + one.name + " at " + text_of(one) +
                                                  ", which it declares as good, it refuses and names " +
                                                  "no parameter: " + (refused ? refused->message : ""));
    });
  }
  if (tried == 0) skip("no parameter has limits, choices or two values");
}

// The default as whoever writes a pipeline would have to write it.
std::string misfit(const plugin::ParamInfo& param) {
  const std::string& text = *param.otherwise;
  base::Diagnostics diagnostics;
  const auto source = spec::check_source("default", text, diagnostics);
  const std::optional<spec::Node> node = source ? spec::parse_document(source, diagnostics) : std::nullopt;
  if (is_number(param)) {
    const std::optional<double> number = node ? spec::as_float(*node) : std::nullopt;
    if (!number || (param.kind == MOTET_PARAM_INT && !spec::as_int(*node))) return "is no number of its kind";
    if (*number < param.minimum || *number > param.maximum) return "is outside its range";
  }
  if (param.kind == MOTET_PARAM_BOOL && (!node || !spec::as_bool(*node))) return "is neither true nor false";
  const bool chosen =
      param.choices.empty() || std::find(param.choices.begin(), param.choices.end(), text) != param.choices.end();
  return chosen ? "" : "is none of its choices";
}

void default_fits(Trial& trial) {
  bool any = false;
  for (const plugin::ParamInfo& param : trial.subject().type().params) {
    if (!param.otherwise) continue;
    any = true;
    const std::string what = misfit(param);
    expect(what.empty(), "the default '" + *param.otherwise + "' of '" + param.name + "' " + what);
    expect(!param.required, "'" + param.name + "' is required and has a default");
  }
  if (!any) skip("no parameter has a default");
}

// Whoever makes a setup up of the example would have seen it refused.
void example_works(Trial& trial) {
  if (!trial.request().setup.derived) skip("its parameters are those of a pipeline here");
  (void)trial.subject();
}

void copied(Trial& trial) {
  Subject& subject = trial.subject();
  const auto has_text = [](const host::ParamValue& one) { return std::holds_alternative<std::string>(one.value); };
  if (std::none_of(subject.stage().parameters.begin(), subject.stage().parameters.end(), has_text))
    skip("no parameter is a text here");
  if (!subject.type().is_host()) skip("nothing comes out that would show it");
  Values values = subject.stage().parameters;
  for (host::ParamValue& one : values) {
    if (has_text(one)) std::get<std::string>(one.value).reserve(64);  // on the heap, where it can be overwritten
  }
  Making making;
  making.parameters = &values;
  const Made kept = subject.make(making);
  for (host::ParamValue& one : values) {
    if (has_text(one)) std::get<std::string>(one.value).replace(0, std::string::npos, "?overwritten?");
  }
  const Made other = subject.make();
  for (const auto& item : subject.items()) {
    std::vector<value::Ref> a, b;
    const auto refused_a = refusal([&] { a = Subject::process(*kept, item); });
    const auto refused_b = refusal([&] { b = Subject::process(*other, item); });
    expect(refused_a.has_value() == refused_b.has_value(),
           "once the texts of create's parameters are gone it refuses what it took, or the other way");
    if (subject.type().determinism == MOTET_IMPURE) continue;
    const std::string differs = difference(a, b);
    expect(differs.empty(), "once the texts of create's parameters are gone a result is another: " + differs);
  }
}

// Where nothing is declared everything may come.
std::vector<host::ParamValue> extremes(const plugin::ParamInfo& param) {
  std::vector<host::ParamValue> out;
  if (param.kind == MOTET_PARAM_INT) {
    for (const std::int64_t one : {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::max(),
                                   std::numeric_limits<std::int64_t>::min()}) {
      const auto number = static_cast<double>(one);
      if (number >= param.minimum && number <= param.maximum) out.push_back({param.name, param.kind, one});
    }
  }
  if (param.kind == MOTET_PARAM_FLOAT) {
    for (const double one : {0.0, -0.0, -1.0, 1e-300, 1e300}) {
      if (one >= param.minimum && one <= param.maximum) out.push_back({param.name, param.kind, one});
    }
  }
  const bool free_text = param.kind == MOTET_PARAM_STRING || param.kind == MOTET_PARAM_PATH;
  if (free_text && param.choices.empty()) {
    for (const std::string& one : {std::string(), std::string("%s%n ${x} \"' \\ \n"), std::string("漢字 🎉"),
                                   std::string(20000, 'x'), std::string("/no/such/file")})
      out.push_back({param.name, param.kind, one});
  }
  return out;
}

void refused_text_named(Trial& trial) {
  const plugin::StageTypeInfo& type = trial.subject().type();
  int refusals = 0;
  for (std::size_t i = 0; i < type.params.size(); ++i) {
    if (is_number(type.params[i])) continue;
    with_each(trial, i, extremes(type.params[i]), [&](const Values& values, const host::ParamValue& one) {
      Making making;
      making.parameters = &values;
      const auto refused = refusal([&] { (void)trial.subject().make(making); });
      if (!refused) return;
      ++refusals;
      expect(explained(*refused),
             "with " + one.name + " at " + text_of(one) + " it refuses and names no parameter: " + refused->message);
    });
  }
  if (refusals == 0) skip("it refuses no text");
}

void absent(Trial& trial) {
  const plugin::StageTypeInfo& type = trial.subject().type();
  int tried = 0;
  for (std::size_t i = 0; i < type.params.size(); ++i) {
    const plugin::ParamInfo& param = type.params[i];
    if (param.required || param.otherwise) continue;
    ++tried;
    trial.note(("without parameter " + param.name).c_str());
    with_each(trial, i, {{param.name, param.kind, {}}}, [&](const Values& values, const host::ParamValue&) {
      const auto refused = made_with(trial, values);
      expect(!refused || explained(*refused), "without " + param.name +
                                                  ", which it does not require, it refuses and names no parameter: " +
                                                  (refused ? refused->message : ""));
    });
  }
  if (tried == 0) skip("every parameter is required or has a default");
}

void survives_extremes(Trial& trial) {
  const plugin::StageTypeInfo& type = trial.subject().type();
  int tried = 0;
  for (std::size_t i = 0; i < type.params.size(); ++i) {
    with_each(trial, i, extremes(type.params[i]), [&](const Values& values, const host::ParamValue& one) {
      ++tried;
      trial.note(("with parameter " + one.name + " at " + text_of(one)).c_str());
      (void)made_with(trial, values);
    });
  }
  if (tried == 0) skip("every parameter has a narrow range or choices");
}

}  // namespace

std::span<const Check> parameters() {
  static constexpr Check kChecks[] = {
      {40, "parameter_limits",
       "Each parameter works at the ends of its range and with each choice, or `create` or "
       "`negotiate` refuse it and name a parameter (`with.NAME`), port, weight or slot.",
       "An editor offers a value that the schema allows, and the run ends without a place to look at.", "kit",
       On::stage, kNormal, at_its_limits},
      {41, "refused_text_named",
       "A text or path that `create` or `negotiate` refuse is refused with a parameter's name (`with.NAME`), port, "
       "weight or slot.",
       "Nobody sees which line of the pipeline names a file that is not there.", "kit", On::stage, kNormal,
       refused_text_named},
      {42, "default_fits",
       "A default is of its parameter's kind, in its range, one of its choices, and the parameter "
       "not required.",
       "A pipeline that leaves the parameter out is refused for something that it does not say.", "kit", On::stage,
       kBasic, default_fits},
      {43, "parameters_copied", "What `create` gets as parameters it copies: the texts are gone when it returns.",
       "It reads freed memory, in some runs only.", "kit", On::host_stage, kNormal, copied},
      {44, "absent_parameter",
       "A parameter that is neither required nor has a default may be absent: the stage works, or names it.",
       "A pipeline that leaves it out crashes, and its author's own never did.", "kit", On::stage, kNormal, absent},
      {48, "example_works", "`create` takes what the type's example says, with the defaults of what it does not say.",
       "The first thing that anybody tries, copied from `motet inspect`, is refused.", "kit", On::stage, kBasic,
       example_works},
      {45, "survives_extremes", "Any value that the declaration allows is taken or refused; none crashes or hangs.",
       "A mistyped number takes the whole run down instead of being pointed at.", "kit", On::stage, kHard,
       survives_extremes},
  };
  return kChecks;
}

}  // namespace motet::verify::families
