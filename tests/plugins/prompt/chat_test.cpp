// prompt.chat as a stage: where the template is found, what is rendered, what is refused.
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/pipeline_runner.hpp"
#include "support/temporary_folder.hpp"

using namespace motet::test;
namespace value = motet::value;

namespace {

// A tokenizer of single characters is enough to fill the slot.
const std::string kTokenizer =
    R"({"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "<s>": 2}, "merges": [], "unk_token": "<s>"}, "added_tokens": []})";
const std::string kTemplate = "{% for m in messages %}[{{ m.role }}:{{ m.content }}]{% endfor %}{{ eos_token }}";

std::string pipeline(const std::string& with, bool history = false) {
  return std::string("motet: 1\ninputs: {user: text") + (history ? ", history: \"text[]\"" : "") +
         "}\nstages:\n  ask:\n    use: prompt.chat\n    with: {" + with + "}\n    in: {user: inputs.user" +
         (history ? ", history: inputs.history" : "") +
         "}\n    slots: {text: {use: tokenizer, with: {file: tokenizer.json}}}\noutputs: {text: ask.text, tokens: "
         "ask.tokens}\n";
}

std::string said(const TemporaryFolder& folder, const std::string& with, const std::string& user = "ab") {
  folder.write("tokenizer.json", kTokenizer);
  PipelineRunner runner(folder.write("pipeline.yaml", pipeline(with)));
  return runner.run({{{"user", value::make_text(user)}}})[0].at("text")->text();
}
}  // namespace

TEST_CASE("the template is found where a model keeps it") {
  const TemporaryFolder folder;
  folder.write("one/tokenizer_config.json",
               R"({"chat_template": "one {{ messages[0].content }}{{ bos_token }}", "bos_token": {"content": "<s>"}})");
  CHECK(said(folder, "file: one") == "one ab<s>");
  folder.write(
      "two/tokenizer_config.json",
      R"({"chat_template": [{"name": "tools", "template": "no"}, {"name": "default", "template": "two"}], "eos_token": "</s>"})");
  CHECK(said(folder, "file: two") == "two");
  folder.write("two/chat_template.jinja", "own {{ eos_token }}");
  CHECK(said(folder, "file: two") == "own </s>");
  CHECK(said(folder, "file: two, template: \"mine {{ eos_token }}\"") == "mine </s>");
}

TEST_CASE("a chat is rendered with what was said before") {
  const TemporaryFolder folder;
  folder.write("tokenizer.json", kTokenizer);
  CHECK(said(folder, "template: \"" + kTemplate + "\", system: be brief") == "[system:be brief][user:ab]");
  PipelineRunner runner(folder.write("history.yaml", pipeline("template: \"" + kTemplate + "\"", true)));
  value::List before;
  before.push_back(value::make_text("a?"));
  before.push_back(value::make_text("b."));
  auto out = runner.run({{{"user", value::make_text("b?")}, {"history", value::make_list(std::move(before))}}});
  CHECK(out[0].at("text")->text() == "[user:a?][assistant:b.][user:b?]");
}

TEST_CASE("the prompt becomes tokens, without special ones added") {
  const TemporaryFolder folder;
  folder.write("tokenizer.json", kTokenizer);
  PipelineRunner runner(folder.write("pipeline.yaml", pipeline("template: \"{{ messages[0].content }}\"")));
  CHECK(runner.run({{{"user", value::make_text("abba")}}})[0].at("tokens")->tokens().ids ==
        std::vector<std::int32_t>{0, 1, 1, 0});
}

TEST_CASE("templates that are wrong or never end are refused") {
  using Catch::Contains;
  const TemporaryFolder folder;
  folder.write("tokenizer.json", kTokenizer);
  folder.write("bare/tokenizer_config.json", "{}");
  const auto told = [&](const std::string& with) { return mistakes(folder.write("pipeline.yaml", pipeline(with))); };
  CHECK_THAT(told("template: \"{% if %}\""), Contains("the chat template (with.template) cannot be read: line 1"));
  CHECK_THAT(told("file: bare"), Contains("has no chat template; give one as `template`"));
  CHECK_THAT(told("file: nowhere"), Contains("nowhere"));
  CHECK_THAT(told("system: x"), Contains("name the model whose chat template is meant"));
  const std::string endless =
      "{% for a in range(99999) %}{% for b in range(99999) %}{% set c = b %}{% endfor %}{% endfor %}";
  CHECK_THROWS_WITH(said(folder, "template: \"" + endless + "\""), Contains("seems to loop for ever"));
  CHECK_THROWS_WITH(said(folder, "template: \"{{ raise_exception('only users') }}\""), Contains("only users"));
}
