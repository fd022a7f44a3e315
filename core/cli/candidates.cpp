#include "cli/candidates.hpp"

#include <algorithm>
#include <exception>

#include "base/codes.hpp"
#include "cli/pipeline_arguments.hpp"
#include "scaffold/scaffold.hpp"
#include "spec/pipeline.hpp"
#include "spec/test_file.hpp"
#include "verify/check.hpp"

namespace motet::cli {
namespace {

// The words of a verb, and what it takes.
class Line {
 public:
  Line(std::vector<std::string> words, Declared declared, const Invocation& invocation)
      : words_(std::move(words)), declared_(std::move(declared)), invocation_(invocation) {
    const DeclaredOption* open = nullptr;  // the option that the next word belongs to
    for (std::size_t i = 0; i + 1 < words_.size(); ++i) {
      if (open != nullptr) {
        given_.emplace_back(open->name, words_[i]);
        open = nullptr;
      } else if (words_[i].starts_with("--")) {
        const std::size_t equals = words_[i].find('=');
        const DeclaredOption* option = find(words_[i].substr(2, equals - std::min<std::size_t>(2, equals)));
        if (equals == std::string::npos && option != nullptr && !option->argument.empty()) {
          open = option;
        } else if (option != nullptr) {
          given_.emplace_back(option->name, equals == std::string::npos ? "" : words_[i].substr(equals + 1));
        }
      } else {
        positionals_.push_back(words_[i]);
      }
    }
    open_ = open;
  }

  Candidates next() const {
    const std::string& word = words_.back();
    if (open_ != nullptr) return values(*open_, word, "");
    if (word.starts_with("--")) {
      const std::size_t equals = word.find('=');
      if (equals == std::string::npos) return options(word);
      const DeclaredOption* option = find(word.substr(2, equals - 2));
      return option == nullptr ? Candidates{} : values(*option, word.substr(equals + 1), word.substr(0, equals + 1));
    }
    if (positionals_.size() < declared_.positionals.size())
      return matching(named(declared_.positionals[positionals_.size()]), word, "");
    return word.empty() ? options(word) : Candidates{};
  }

 private:
  const DeclaredOption* find(const std::string& name) const {
    for (const DeclaredOption& option : declared_.options) {
      if (option.name == name) return &option;
    }
    return nullptr;
  }
  std::vector<std::string> given(const std::string& option) const {
    std::vector<std::string> out;
    for (const auto& [name, value] : given_) {
      if (name == option) out.push_back(value);
    }
    return out;
  }

  Candidates options(const std::string& word) const {
    Candidates out;
    for (const DeclaredOption& option : declared_.options) {
      if (option.again || given(option.name).empty()) out.words.push_back({"--" + option.name, option.about});
    }
    return matching(std::move(out), word, "");
  }

  // `before`: what of the word is no part of the value, "--set=".
  Candidates values(const DeclaredOption& option, const std::string& word, const std::string& before) const {
    Candidates out;
    if (!option.values.empty()) {
      for (const std::string& value : option.values) out.words.push_back({value, ""});
    } else if (option.argument == "NAME=VALUE" && word.find('=') != std::string::npos) {
      out.files = true;  // a model, a recording
    } else if (option.name == "set") {
      out = parameters();
    } else if (option.name == "in") {
      out = inputs();
    } else {
      out = named(option.argument);
    }
    return matching(std::move(out), word, before);
  }

  // By what --help calls the word.
  Candidates named(const std::string& what) const {
    Candidates out;
    out.files = what == "FILE" || what == "PIPELINE" || what == "LIBRARY";
    out.folders = what == "DIR";
    if (what == "SHELL") out.words = {{"bash", ""}, {"zsh", ""}, {"fish", ""}};
    if (what == "KIND") {
      const scaffold::Templates templates(invocation_.executable);
      for (const scaffold::Kind& kind : templates.kinds()) out.words.push_back({kind.name, ""});
    }
    if (what == "CODE") {
      for (const base::CodeInfo& code : base::codes())
        out.words.push_back({std::string(code.code), std::string(code.title)});
      for (const verify::Check& check : verify::checks())
        out.words.push_back({verify::check_name(check.number), std::string(check.asks)});
    }
    if (what == "CHECK|TYPE") {
      for (const verify::Check& check : verify::checks())
        out.words.push_back({std::string(check.slug), std::string(check.asks)});
    }
    if (what == "TYPE") {
      const plugin::Registry registry = scan_plugins({given("plugins")}, invocation_);
      for (const plugin::PluginInfo& plugin : registry.plugins()) {
        for (const plugin::StageTypeInfo& type : plugin.types) out.words.push_back({type.id, type.summary});
      }
    }
    if (what == "CASE" && !positionals_.empty()) {
      base::Diagnostics ignored;
      const auto tests = spec::load_tests(spec::test_file_of(spec::pipeline_file(positionals_.front())), ignored);
      for (const spec::TestCase& one : tests ? tests->cases : std::vector<spec::TestCase>()) {
        out.words.push_back({one.name.text, ""});
      }
    }
    return out;
  }

  std::optional<spec::PipelineSpec> pipeline() const {
    base::Diagnostics ignored;
    return positionals_.empty() ? std::nullopt : spec::load(positionals_.front(), ignored);
  }
  Candidates parameters() const {
    Candidates out;
    const auto read = pipeline();
    for (const spec::ParamSpec& param : read ? read->params : std::vector<spec::ParamSpec>())
      out.words.push_back({param.name.text + "=", param.help});
    return out;
  }
  Candidates inputs() const {
    Candidates out;
    const auto read = pipeline();
    for (const spec::InputSpec& input : read ? read->inputs : std::vector<spec::InputSpec>())
      out.words.push_back({input.name.text + "=", input.help.empty() ? input.type.text : input.help});
    return out;
  }

  static Candidates matching(Candidates all, const std::string& word, const std::string& before) {
    std::erase_if(all.words, [&](const Candidate& one) { return !one.word.starts_with(word); });
    for (Candidate& one : all.words) one.word.insert(0, before);
    return all;
  }

  std::vector<std::string> words_;
  Declared declared_;
  const Invocation& invocation_;
  const DeclaredOption* open_ = nullptr;
  std::vector<std::pair<std::string, std::string>> given_;
  std::vector<std::string> positionals_;
};

Candidates of_verbs(std::span<const Verb> verbs, const std::vector<std::string>& words, const Invocation& invocation) {
  if (words.size() == 1) {
    Candidates out;
    for (const Verb& verb : verbs) {
      if (verb.name.starts_with(words.front())) out.words.push_back({std::string(verb.name), std::string(verb.about)});
    }
    return out;
  }
  for (const Verb& verb : verbs) {
    if (verb.name != words.front()) continue;
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    if (verb.inner != nullptr) return of_verbs(verb.inner(), rest, invocation);
    return Line(rest, declared(verb, invocation), invocation).next();
  }
  return {};
}

}  // namespace

Candidates candidates(const std::vector<std::string>& words, const Invocation& invocation) {
  try {
    return words.empty() ? Candidates{} : of_verbs(verbs(), words, invocation);
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace motet::cli
