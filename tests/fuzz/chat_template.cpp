// A chat template: read, and rendered over a chat that has one of everything.
//
// Reads with: plugins/prompt/jinja*.cpp plugins/prompt/jinja*.hpp
#include "fuzz/target.hpp"
#include "prompt/jinja.hpp"

namespace motet::fuzz {
namespace {

using prompt::jinja::Limits;
using prompt::jinja::Template;
using prompt::jinja::TemplateError;
using prompt::jinja::Value;

// Small, so that the fuzzer sees many templates; that the limits are kept does not depend on their size.
constexpr Limits kLimits{
    .most_steps = 20'000, .most_depth = 600, .most_text_bytes = std::size_t{1} << 18, .most_elements = 5'000};

Value message(const char* role, Value content) {
  return Value::mapping({{"role", role}, {"content", std::move(content)}});
}

std::vector<std::pair<std::string, Value>> variables() {
  const Value call = Value::mapping(
      {{"type", "function"},
       {"function",
        Value::mapping({{"name", "weather"},
                        {"arguments", Value::mapping({{"place", "K\u00f6ln"}, {"days", std::int64_t{2}}})}})}});
  const Value parameters = Value::mapping({{"type", "object"}, {"required", Value::list({"place"})}});
  const Value tool = Value::mapping(
      {{"type", "function"},
       {"function",
        Value::mapping({{"name", "weather"}, {"description", "Says \"it\".\n"}, {"parameters", parameters}})}});
  return {
      {"messages",
       Value::list({message("system", "Be brief."), message("user", " Hi <b>\u4e2d</b>\n"),
                    Value::mapping({{"role", "assistant"}, {"content", Value()}, {"tool_calls", Value::list({call})}}),
                    message("tool", Value::list({Value::mapping({{"type", "text"}, {"text", "20.5"}})}))})},
      {"tools", Value::list({tool})},
      {"documents", Value()},
      {"add_generation_prompt", true},
      {"bos_token", "<s>"},
      {"eos_token", "</s>"},
      {"half", 0.5}};
}
}  // namespace

bool chat_template(std::string_view input) {
  try {
    const Template made(input);
    const std::string once = made.render(variables(), kLimits);
    require(once.size() <= kLimits.most_text_bytes, "a rendering keeps to its limit");
    return true;
  } catch (const TemplateError& error) {
    return refused(error.what());
  }
}

}  // namespace motet::fuzz
