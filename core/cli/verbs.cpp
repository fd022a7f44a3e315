#include "cli/verbs.hpp"

namespace motet::cli {
namespace {

// In the order in which a newcomer needs them.
constexpr Verb kVerbs[] = {
    {"run", "runs a pipeline", run},
    {"check", "says everything that is wrong with a pipeline, without running it", check},
    {"test", "runs a pipeline's tests: what goes in, what must come out", test},
    {"plan", "shows what runs where: stages, programs, memory", plan},
    {"graph", "draws a pipeline as svg, html, dot, mermaid or json", graph},
    {"bench", "says how long what takes, by stage and by operation", bench},
    {"plugins", "lists the plugins and their stage types", plugins},
    {"plugin", "makes a plugin of your own, and proves it right: motet plugin new, motet plugin verify", plugin,
     plugin_verbs},
    {"inspect", "shows a stage type: ports, parameters, slots, an example", inspect},
    {"schema", "prints a JSON Schema of pipelines, for editors", schema},
    {"devices", "lists the devices and what they can do", devices},
    {"explain", "says what an error's code means and what to do", explain},
    {"completion", "prints a completion script for bash, zsh or fish", completion},
    {"man", "prints the manual page", man},
};

}  // namespace

std::span<const Verb> verbs() { return kVerbs; }

Declared declared(const Verb& verb, const Invocation& invocation) {
  Declared out;
  verb.call({invocation.executable, {}, &out});
  return out;
}

}  // namespace motet::cli
