#include "verify/calls.hpp"

#include <algorithm>
#include <optional>

#include "verify/values.hpp"

namespace motet::verify {
namespace {

using Item = std::vector<value::Ref>;

// A random one of the ports' types that is not like the item; nothing where none is found.
std::optional<Item> another(Trial& trial, const Item& item) {
  const Subject& subject = trial.subject();
  for (int attempt = 0; attempt < 5; ++attempt) {
    OpenSizes sizes;
    Item other = item;
    for (std::size_t port = 0; port < other.size(); ++port) {
      if (!other[port]) continue;
      graph::PortType type = graph::parse_port_type(subject.type().inputs[port].type).front();
      if (other[port]->kind() != value::Kind::tensor) {
        if (type.kind != graph::Kind::tensor) other[port] = random_value(type, sizes, trial.random());
        continue;
      }
      type.dims.clear();  // the same sizes, other elements
      type.kind = graph::Kind::tensor;
      type.dtype = other[port]->tensor().dtype();
      for (const std::int64_t size : other[port]->tensor().shape()) type.dims.push_back({size, "", false});
      other[port] = random_value(type, sizes, trial.random());
    }
    if (!difference(item, other).empty()) return other;
  }
  return std::nullopt;
}

Way processing(Trial& trial) {
  std::vector<Item> items;
  for (const Item& item : trial.subject().items()) {
    const auto same = [&](const Item& one) { return difference(one, item).empty(); };
    if (std::none_of(items.begin(), items.end(), same)) items.push_back(item);
  }
  if (items.size() == 1) {
    if (std::optional<Item> other = another(trial, items.front())) items.push_back(std::move(*other));
  }
  Way out{"process", {}};
  for (const Item& item : items) {
    out.questions.emplace_back([item](const host::Instance& instance, const host::CallOptions& options) {
      return Subject::process(instance, item, options);
    });
  }
  return out;
}

void add_tokenizer(std::vector<Way>& out) {
  Way encode{"encode", {}}, decode{"decode", {}};
  for (const char* text : {"a river bank", "Straße, 漢字 🎉 and more"}) {
    encode.questions.emplace_back([text](const host::Instance& instance, const host::CallOptions& options) {
      return Item{instance.encode(text, true, options)};
    });
  }
  for (const std::vector<std::int32_t>& ids : {std::vector<std::int32_t>{1, 2, 3}, {5, 4, 2, 7, 1, 3}}) {
    decode.questions.emplace_back([ids](const host::Instance& instance, const host::CallOptions& options) {
      return Item{instance.decode(ids, false, options)};
    });
  }
  out.push_back(std::move(encode));
  out.push_back(std::move(decode));
}

Way sampling() {
  Way out{"sample", {}};
  for (std::size_t step = 0; step < 3; ++step) {
    std::vector<float> logits(31);
    for (std::size_t i = 0; i < logits.size(); ++i) logits[i] = static_cast<float>((i * 7 + step) % 11) / 4;
    out.questions.emplace_back([logits, step](const host::Instance& instance, const host::CallOptions& options) {
      return Item{value::make_tokens({{instance.sample(logits, {}, step, options)}, {}, {}, {}})};
    });
  }
  return out;
}

}  // namespace

std::vector<Way> ways_of(Trial& trial) {
  const plugin::StageTypeInfo& type = trial.subject().type();
  std::vector<Way> out;
  if (type.is_host()) out.push_back(processing(trial));
  if (type.is_tokenizer()) add_tokenizer(out);
  if (type.is_sampler()) out.push_back(sampling());
  return out;
}

Answer answer(const Question& question, const host::Instance& instance, const host::CallOptions& options) {
  Answer out;
  const auto refused = refusal([&] { out.values = question(instance, options); });
  if (refused) out.refusal = refused->message;
  return out;
}

std::vector<value::Ref> answers(const std::vector<Way>& ways, const host::Instance& instance, std::size_t number) {
  std::vector<value::Ref> out;
  for (const Way& way : ways) {
    const Answer one = answer(way.questions[number % way.questions.size()], instance);
    out.insert(out.end(), one.values.begin(), one.values.end());
  }
  return out;
}

void expect_same(const Answer& a, const Answer& b, const std::string& when) {
  expect(a.refusal == b.refusal, when + " it " +
                                     (b.refusal.empty() ? "takes an item that it refused: " + a.refusal
                                                        : "refuses an item that it took: " + b.refusal));
  const std::string differs = difference(a.values, b.values);
  expect(differs.empty(), when + " the result is not the same: " + differs);
}

}  // namespace motet::verify
