// prompt.chat: what a user says, in the words that a chat model was trained on.
#include <motet/sdk.hpp>

#include <optional>
#include <string>
#include <vector>

#include "prompt/chat_source.hpp"
#include "prompt/jinja.hpp"

namespace motet::prompt {
namespace {

using jinja::Value;

// user (and what was said before) to tokens and the text that they stand for, ending where the model is to go on.
class Chat {
 public:
  static constexpr auto type =
      stage_type("prompt.chat", "prompt")
          .summary("Renders a chat with the model's own template and makes tokens of it.")
          .example(
              "ask: {use: prompt.chat, with: {file: model.gguf}, in: {user: inputs.text}, slots: {text: {use: "
              "tokenizer, with: {file: model.gguf}}}}")
          .in("user", "text", "what the user says now")
          .in("history", "text[]", "what was said before: the user's words, the answer, and so on in turn",
              kOptional | kWholeList)
          .out("tokens", "tokens", "the prompt")
          .out("text", "text", "the prompt as the template wrote it")
          .param<Path>("file", "a model's folder in the Hugging Face layout, or a GGUF file: its chat template")
          .param<std::string>("template", "a template to use in place of the model's")
          .param<std::string>("system", "what the model is told before the chat; empty: nothing")
          .otherwise("\"\"")
          .param<std::int64_t>("most_steps", "what rendering may take before the template is refused as endless")
          .otherwise("2000000")
          .range(1000, 1e9)
          .slot("text", "tokenizer", "makes tokens of the prompt")
          .required();

  explicit Chat(const Params& p) : system_(p.string("system")), template_(parsed(p)) {
    limits_.most_steps = static_cast<std::size_t>(p.integer("most_steps"));
  }

  std::vector<motet::Value> process(const Call& call, const Text& user, const std::optional<List>& history) const {
    std::string prompt;
    try {
      prompt = template_.render({{"messages", messages(user.text(), history)},
                                 {"add_generation_prompt", true},
                                 {"bos_token", source_.bos},
                                 {"eos_token", source_.eos},
                                 {"tools", Value()},
                                 {"documents", Value()}},
                                limits_);
    } catch (const jinja::TemplateError& error) {
      throw ItemError("the chat template (" + source_.where + ") cannot be rendered: " + error.what());
    }
    const auto tokenizer = call.slot("text");
    if (!tokenizer) throw ItemError("is empty: fill it with the model's tokenizer", "slots.text");
    // The template writes the special tokens itself.
    return {tokenizer->encode(prompt, false), call.text(prompt)};
  }

 private:
  jinja::Template parsed(const Params& p) {
    if (p.has("file")) source_ = find_chat_source(p.call(), p.string("file"));
    const bool own = p.has("template");
    if (own) {
      source_.text = p.string("template");
      source_.where = "with.template";
    }
    if (!own && !p.has("file"))
      p.fail("file", "is missing: name the model whose chat template is meant, or give `template`");
    if (source_.text.empty())
      p.fail(own ? "template" : "file",
             own ? "is empty" : p.string("file") + ": has no chat template; give one as `template`");
    try {
      return jinja::Template(source_.text);
    } catch (const jinja::TemplateError& error) {
      p.fail(own ? "template" : "file", "the chat template (" + source_.where + ") cannot be read: " + error.what());
    }
  }

  Value messages(std::string_view user, const std::optional<List>& history) const {
    std::vector<Value> out;
    const auto say = [&](const char* role, std::string_view words) {
      out.push_back(Value::mapping({{"role", role}, {"content", Value(std::string(words))}}));
    };
    if (!system_.empty()) say("system", system_);
    for (std::size_t i = 0; history && i < history->size(); ++i) {
      const Text text = history->text_at(i);
      say(i % 2 == 0 ? "user" : "assistant", text.text());
    }
    say("user", user);
    return Value::list(std::move(out));
  }

  std::string system_;
  ChatSource source_;
  jinja::Template template_;
  jinja::Limits limits_;
};
}  // namespace
}  // namespace motet::prompt

MOTET_PLUGIN("prompt", "1.0.0", motet::prompt::Chat)
