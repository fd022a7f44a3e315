// 73 to 79: items as the world has them.
#include "verify/child.hpp"
#include "verify/exercise.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

// Gives the stage the items, each with one input replaced by every one of `others` that is of its kind.
template <class Use>
void with_each(Trial& trial, const std::vector<std::pair<std::string, value::Ref>>& others, Use use) {
  Subject& subject = trial.subject();
  int tried = 0;
  const std::vector<value::Ref> item = subject.items().front();
  for (std::size_t port = 0; port < item.size(); ++port) {
    for (const auto& [called, other] : others) {
      if (!item[port] || item[port]->kind() != other->kind()) continue;
      std::vector<value::Ref> changed = item;
      changed[port] = other;
      ++tried;
      trial.note(("in process with " + called + " at the input '" + subject.type().inputs[port].name + "'").c_str());
      use(changed);
    }
  }
  if (tried == 0) skip("no input is of a kind that the kit can change so");
}

// Taken, or refused with a reason; what breaks a rule is thrown.
void is_judged(Trial& trial, const std::vector<std::pair<std::string, value::Ref>>& others) {
  const Made made = trial.subject().make();
  with_each(trial, others,
            [&](const std::vector<value::Ref>& item) { (void)refusal([&] { (void)Subject::process(*made, item); }); });
}

void odd_texts(Trial& trial) {
  std::vector<std::pair<std::string, value::Ref>> texts;
  for (const std::string text :
       {"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7", "\xEF\xBB\xBFmark", "a\xCC\x81\xCC\x81", "\r\n\r\n", "\t\v\f",
        "\xE2\x80\xAE\xD7\xA9\xD7\x9C", "\xF4\x8F\xBF\xBF", "{{ x }} ${y} %s %n", "<|im_end|></s>", "\"'\\`"})
    texts.emplace_back("'" + text + "'", value::make_text(text));
  texts.emplace_back("a text with a zero", value::make_text(std::string("a\0b", 3)));
  is_judged(trial, texts);
}

tensor::HostTensor emptied(const tensor::HostTensor& tensor) {
  tensor::Shape shape = tensor.shape();
  if (shape.rank() > 0) shape[0] = 0;
  return {tensor.dtype(), shape};
}

void empty_items(Trial& trial) {
  std::vector<std::pair<std::string, value::Ref>> values = {{"an empty text", value::make_text("")},
                                                            {"no tokens", value::make_tokens({})},
                                                            {"an empty list", value::make_list({})}};
  value::Audio silence;
  silence.channels = 1;
  silence.rate_hz = 16000;
  values.emplace_back("no samples", value::make_audio(std::move(silence)));
  for (const value::Ref& one : trial.subject().items().front()) {
    if (one && one->kind() == value::Kind::tensor && one->tensor().shape().rank() > 0)
      values.emplace_back("an empty tensor", value::make_tensor(emptied(one->tensor())));
  }
  is_judged(trial, values);
}

void huge_items(Trial& trial) {
  const std::size_t characters = trial.hard() ? std::size_t{4} << 20 : std::size_t{1} << 18;
  std::vector<std::pair<std::string, value::Ref>> values = {
      {"a text of megabytes", value::make_text(random_text(characters, trial.random()))},
      {"a word of megabytes", value::make_text(std::string(characters / 16, 'a'))}};
  value::Tokens tokens;
  for (std::size_t i = 0; i < characters / 16; ++i) tokens.ids.push_back(static_cast<std::int32_t>(i % 4));
  values.emplace_back("a hundred thousand tokens", value::make_tokens(std::move(tokens)));
  value::Audio audio;
  audio.channels = 2;
  audio.rate_hz = 48000;
  audio.samples.resize(characters);
  for (float& sample : audio.samples) sample = trial.random().number() / 2;
  values.emplace_back("a long recording", value::make_audio(std::move(audio)));
  is_judged(trial, values);
}

constexpr std::int64_t kMany = 41;  // more than a wave, and than share anything

void many_items(Trial& trial) {
  Subject& subject = trial.subject();
  if (subject.stage().owner >= 0) skip("it works in a slot");
  if (subject.type().determinism == MOTET_IMPURE) skip("it says impure: its results may differ");
  // A value that others hold as well cannot show that a reference is missing (C010), and a run over many would end with
  // memory freed twice. Here nobody else holds the items.
  exercise_host_stage(trial, *subject.make());
  std::vector<runtime::Item> items;
  for (std::int64_t i = 0; i < kMany; ++i) items.push_back(subject.another_item(items, 3 + i));
  Made made = subject.make();
  const std::vector<runtime::ItemResult> together = subject.run(items, "cpu", &made);
  for (std::size_t i = 0; i < items.size(); ++i) {
    Made fresh = subject.make();
    const runtime::ItemResult alone = subject.run({items[i]}, "cpu", &fresh).front();
    for (const runtime::ItemResult* one : {&alone, &together[i]}) {
      if (one->error && cited_obligation(one->error->what()) != 0) throw base::Error(*one->error);
    }
    const std::string differs = difference(alone.outputs, together[i].outputs);
    expect(differs.empty(),
           "item " + std::to_string(i) + " of a run of " + std::to_string(kMany) + " is not as alone: " + differs);
  }
}

}  // namespace

std::span<const Check> host_stages() {
  static constexpr Check kChecks[] = {
      {73, "odd_texts", "Every text is worked on or refused, of any script, with zeros, marks and controls in it.",
       "Somebody's name takes the run down.", "kit", On::host_stage, kBasic, odd_texts},
      {74, "empty_items", "An item of nothing is worked on or refused: an empty text, list, recording or tensor.",
       "A blank line in a file takes the run down.", "kit", On::host_stage, kBasic, empty_items},
      {75, "huge_items", "An item of megabytes is worked on or refused, and in time.",
       "A book instead of a sentence takes the server down.", "kit", On::host_stage, kHard, huge_items},
      {76, "many_items", "In a run over many items each gives what it gives alone.",
       "A file of a thousand lines has other results than the lines.", "kit", On::host_stage, kNormal, many_items},
  };
  return kChecks;
}

}  // namespace motet::verify::families
