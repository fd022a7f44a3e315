// 46, 47 and 80 to 84: what is declared is what is built, and what is built computes.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "verify/child.hpp"
#include "verify/exercise.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

// Sizes of what the inputs leave open: the first's, and how much more each other one has than the one before it.
struct Sizes {
  std::int64_t first = 0;
  std::int64_t apart = 0;

  std::string text() const {
    return apart == 0 ? "size " + std::to_string(first)
                      : "sizes " + std::to_string(first) + ", " + std::to_string(first + apart) + " and so on";
  }
};

constexpr Sizes kEqual[] = {{0, 0}, {1, 0}, {2, 0}, {31, 0}, {255, 0}, {256, 0}, {257, 0}};
constexpr Sizes kUnequal[] = {{3, 28}, {31, -14}, {257, -126}};

// What became of runs at these sizes, none of which broke a declaration.
struct Tried {
  int worked = 0;
  int refused = 0;
  std::string why;  // the last one's words
};

Tried build_at(Trial& trial, std::span<const Sizes> all) {
  Subject& subject = trial.subject();
  Tried out;
  for (const Sizes& sizes : all) {
    const std::optional<runtime::Item> item = subject.item_of_sizes(sizes.first, sizes.apart);
    if (!item) continue;
    trial.note(("in a build for " + sizes.text()).c_str());
    const runtime::ItemResult result = subject.run({*item}, trial.device()).front();
    if (!result.error) {
      ++out.worked;
      continue;
    }
    const std::string what = result.error->what();
    if (cited_obligation(what) != 0) throw base::Error(*result.error);
    // An item may be too short or too long for a stage; nothing else may come of a size.
    if (result.error->kind() != base::ErrorKind::item) fail("for " + sizes.text() + ": " + what);
    ++out.refused;
    out.why = "for " + sizes.text() + ": " + what;
  }
  return out;
}

void declared_is_built(Trial& trial) {
  const Tried equal = build_at(trial, kEqual);
  if (equal.worked + equal.refused == 0) skip("its pipeline's inputs have no size that is open");
  if (equal.worked == 0) skip("at none of the sizes it works: " + equal.why);
  // Where each size is like the others, two that were mixed up are not seen.
  const Tried unequal = build_at(trial, kUnequal);
  expect(unequal.worked > 0 || unequal.refused == 0,
         "with sizes that are equal it works, and with others it does not, " + unequal.why);
}

// negotiate with symbols, and with numbers in their places.
void symbols_and_numbers_agree(Trial& trial) {
  Subject& subject = trial.subject();
  if (subject.stage().owner >= 0) skip("it fills a slot, and its owner decides what it gets");
  const std::vector<host::TensorSpec> symbolic = subject.inputs_of_negotiation();
  std::map<std::uint32_t, std::int64_t> numbers;
  std::vector<host::TensorSpec> numeric = symbolic;
  for (host::TensorSpec& spec : numeric) {
    for (tensor::Dim& dim : spec.shape) {
      if (dim.known()) continue;
      const auto found = numbers.try_emplace(dim.symbol, 3 + static_cast<std::int64_t>(numbers.size()) * 2).first;
      dim = tensor::Dim::number(found->second);
    }
  }
  if (numbers.empty()) skip("all sizes are numbers here");
  Made a = subject.create(), b = subject.create();
  const std::vector<host::TensorSpec> with_symbols = subject.negotiate(a, symbolic);
  std::vector<host::TensorSpec> with_numbers;
  if (const auto refused = refusal([&] { with_numbers = subject.negotiate(b, numeric); }))
    fail("it takes symbols and refuses numbers: " + refused->message);
  for (std::size_t i = 0; i < with_symbols.size(); ++i) {
    const std::string name = "its output '" + subject.type().outputs[i].name + "'";
    const tensor::SymbolicShape &s = with_symbols[i].shape, &n = with_numbers[i].shape;
    expect(s.size() == n.size() && with_symbols[i].dtype == with_numbers[i].dtype,
           name + " has another type or number of dimensions with numbers than with symbols");
    for (std::size_t d = 0; d < s.size(); ++d) {
      const auto bound = s[d].known() ? numbers.end() : numbers.find(s[d].symbol);
      const std::int64_t wanted = s[d].known() ? s[d].size : bound != numbers.end() ? bound->second : -1;
      expect(wanted < 0 || !n[d].known() || n[d].size == wanted,
             "dimension " + std::to_string(d) + " of " + name + " is " + std::to_string(n[d].size) +
                 " with numbers, and with symbols it would be " + std::to_string(wanted));
    }
  }
}

// Where nothing comes of any item there is nothing to judge.
void expect_some_result(const std::vector<runtime::ItemResult>& results) {
  for (const runtime::ItemResult& result : results) {
    if (!result.error) return;
    if (cited_obligation(result.error->what()) != 0) throw base::Error(*result.error);
  }
  skip(std::string("its pipeline fails: ") + results.front().error->what());
}

void build_repeatable(Trial& trial) {
  Subject& subject = trial.subject();
  const std::vector<runtime::Item> items = subject.pipeline_items();
  Made made = subject.make();
  const std::vector<runtime::ItemResult> first = subject.run(items, trial.device(), &made);
  expect_some_result(first);
  const auto compare = [&](const std::vector<runtime::ItemResult>& again, const std::string& when) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string differs = difference(first[i].outputs, again[i].outputs);
      expect(differs.empty(), when + " a result is another: " + differs);
    }
  };
  compare(subject.run(items, trial.device(), &made), "built again");
  Made other = subject.make();
  compare(subject.run(items, trial.device(), &other), "built by another instance");
}

void finite(Trial& trial) {
  Subject& subject = trial.subject();
  const auto judge = [&](const std::vector<runtime::ItemResult>& results) {
    for (const runtime::ItemResult& result : results) {
      for (const value::Ref& one : result.outputs) {
        if (!one || one->kind() != value::Kind::tensor || one->tensor().dtype() != tensor::DType::f32) continue;
        for (const float element : one->tensor().as<float>())
          expect(std::isfinite(element), "of finite numbers comes " + std::to_string(element));
      }
    }
  };
  const std::vector<runtime::ItemResult> plain = subject.run(subject.pipeline_items(), trial.device());
  expect_some_result(plain);
  judge(plain);
  for (const std::int64_t size : {1, 3, 17}) {
    if (const auto item = subject.item_of_size(size)) judge(subject.run({*item}, trial.device()));
  }
}

// What may stand behind an item's own length: a number that a sum would show and a largest would be, NaN, bytes 0xFF.
const float kRubbish[] = {12.5F, std::numeric_limits<float>::quiet_NaN(), std::bit_cast<float>(0xFFFFFFFFU)};

// Items of several lengths share a batch, padded to one.
void neighbours_do_not_matter(Trial& trial) {
  Subject& subject = trial.subject();
  std::vector<runtime::Item> items;
  for (const std::int64_t size : {3, 70, 1, 150, 17}) {
    if (std::optional<runtime::Item> item = subject.item_of_size(size)) items.push_back(std::move(*item));
  }
  if (items.empty()) skip("its pipeline's inputs have no size that is open");
  const std::vector<runtime::ItemResult> together = subject.run(items, trial.device());
  std::vector<std::vector<runtime::ItemResult>> padded;
  for (const float rubbish : kRubbish)
    padded.push_back(subject.run(items, trial.device(), nullptr, {.padding = rubbish}));
  for (std::size_t i = 0; i < items.size(); ++i) {
    const runtime::ItemResult alone = subject.run({items[i]}, trial.device()).front();
    expect(alone.error.has_value() == together[i].error.has_value(),
           "an item fails alone and not beside others, or the other way");
    for (std::size_t o = 0; o < alone.outputs.size(); ++o) {
      const std::string differs = far_apart(*alone.outputs[o], *together[i].outputs[o]);
      expect(differs.empty(), "an item beside longer ones is not as alone: " + differs);
      for (const std::vector<runtime::ItemResult>& results : padded) {
        if (o >= results[i].outputs.size()) continue;
        const std::string counted = far_apart(*together[i].outputs[o], *results[i].outputs[o]);
        expect(counted.empty(), "what stands behind an item's own length changes its result: " + counted);
      }
    }
  }
}

// The parts that Motet joins: every weight that was declared is in a program.
void weights_used(Trial& trial) {
  Subject& subject = trial.subject();
  const auto& declared = subject.stage().weights_by_name;
  if (declared.empty()) skip("it declares no weights");
  Made made = subject.make();
  std::set<std::string> used;
  struct Planned final : runtime::Observer {
    std::set<std::string>& names;
    explicit Planned(std::set<std::string>& n) : names(n) {}
    void worked(std::string_view, runtime::Interval, int) override {}
    void ran(const plan::Plan&, runtime::Interval, std::span<const device::StepTime>) override {}
    void planned(const program::Program& program, const plan::Plan&) override {
      for (const program::Value& value : program.values) {
        if (value.leaf == program::Leaf::weight) names.insert(value.name);
      }
    }
  } observer(used);
  for (const runtime::ItemResult& result :
       subject.run(subject.pipeline_items(), "cpu", &made, {.observer = &observer})) {
    if (result.error) skip(std::string("its pipeline fails: ") + result.error->what());
  }
  for (const auto& [canonical, weight] : declared) {
    expect(used.contains(weight.name),
           "it declares the weight '" + canonical + "' (" + weight.name + ") and never reads it");
  }
}

}  // namespace

std::span<const Check> tensor_stages() {
  static constexpr Check kChecks[] = {
      {46, "declared_is_built",
       "What `build` writes has the sizes that `negotiate` declared, whatever the inputs' sizes: 0, 1, 255, 256, 257, "
       "primes, and others for each letter.",
       "Stages behind it were connected on the strength of that, and a run fails at some lengths.", "kit",
       On::computing, kBasic, declared_is_built},
      {47, "symbols_and_numbers_agree", "`negotiate` answers numbers as it answers the symbols that stand for them.",
       "A pipeline fits when it is checked, and does not when its sizes are known.", "kit", On::computing, kNormal,
       symbols_and_numbers_agree},
      {80, "build_repeatable", "`build` writes the same program each time, by every instance with the same parameters.",
       "The same item has another result in the next run.", "kit", On::computing, kBasic, build_repeatable},
      {81, "finite", "Finite numbers give finite numbers.", "One NaN makes all that follow NaN.", "kit",
       On::tensor_stage, kBasic, finite},
      {83, "neighbours_do_not_matter",
       "An item beside longer ones in a batch gives what it gives alone, whatever stands behind its own length.",
       "A text's vector depends on what else was asked at that moment: padding was counted.", "kit", On::tensor_stage,
       kBasic, neighbours_do_not_matter},
      {84, "weights_used", "Every weight that is declared is read.",
       "A bias or a norm is forgotten, and the model is a little worse than it should be.", "kit", On::computing,
       kNormal, weights_used},
  };
  return kChecks;
}

}  // namespace motet::verify::families
