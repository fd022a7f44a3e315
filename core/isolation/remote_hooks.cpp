#include "isolation/remote_hooks.hpp"

namespace motet::isolation {
namespace {

void put_request(Writer& to, const host::WeightRequest& request) {
  to.put(request.canonical);
  to.put(request.optional);
  to.put(request.i32);
  to.put(request.init);
  put_shape(to, request.shape);
}

host::WeightRequest get_request(Reader& from) {
  host::WeightRequest out;
  out.canonical = from.text();
  out.optional = from.flag();
  out.i32 = from.flag();
  out.init = from.text();
  out.shape = get_shape(from);
  return out;
}

}  // namespace

Writer& RemoteHooks::question(Hook hook) {
  Writer& to = line_.begin();
  put_choice(to, Say::hook);
  to.put(member_);
  put_choice(to, hook);
  return to;
}

const char* RemoteHooks::text_answer() {
  Reader from = line_.ask();
  answer_ = get_optional(from);
  return answer_ ? answer_->c_str() : nullptr;
}

const char* RemoteHooks::weights_path() {
  question(Hook::weights_path);
  return text_answer();
}

const char* RemoteHooks::weights_format() {
  question(Hook::weights_format);
  return text_answer();
}

bool RemoteHooks::weights_has(std::string_view name) {
  question(Hook::weights_has).put(name);
  return line_.ask().flag();
}

void RemoteHooks::weight_source(const host::WeightSource& source) {
  Writer& to = question(Hook::weight_source);
  to.put(source.canonical);
  to.put(source.name);
  to.put(source.part);
  to.put(source.parts);
  line_.ask();
}

host::TensorSpec RemoteHooks::declare_weight(const host::WeightRequest& request) {
  put_request(question(Hook::declare_weight), request);
  Reader from = line_.ask();
  return get_spec(from);
}

std::uint32_t RemoteHooks::fresh_symbol() {
  question(Hook::fresh_symbol);
  return line_.ask().get<std::uint32_t>();
}

void RemoteHooks::offer(std::string_view slot, std::string_view key, std::string_view text) {
  Writer& to = question(Hook::offer);
  to.put(slot);
  to.put(key);
  to.put(text);
  line_.ask();
}

const char* RemoteHooks::offered(std::string_view key) {
  question(Hook::offered).put(key);
  return text_answer();
}

void answer_hook(Hook hook, Reader& question, host::NegotiationHooks& hooks, Writer& answer) {
  switch (hook) {
    case Hook::weights_path:
      return put_optional(answer, hooks.weights_path());
    case Hook::weights_format:
      return put_optional(answer, hooks.weights_format());
    case Hook::weights_has:
      return answer.put(hooks.weights_has(question.text()));
    case Hook::weight_source: {
      host::WeightSource source;
      source.canonical = question.text();
      source.name = question.text();
      source.part = question.get<std::uint32_t>();
      source.parts = question.get<std::uint32_t>();
      if (source.parts > 0 && source.part >= source.parts) Reader::nonsense();
      return hooks.weight_source(source);
    }
    case Hook::declare_weight:
      return put_spec(answer, hooks.declare_weight(get_request(question)));
    case Hook::fresh_symbol:
      return answer.put(hooks.fresh_symbol());
    case Hook::offer: {
      const std::string slot = question.text();
      const std::string key = question.text();
      return hooks.offer(slot, key, question.text());
    }
    case Hook::offered:
      return put_optional(answer, hooks.offered(question.text()));
  }
}

}  // namespace motet::isolation
