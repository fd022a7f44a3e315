// The verbs of the command, one source file each.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/declared.hpp"

namespace motet::cli {

struct Invocation {
  std::filesystem::path executable;    // this program's own file
  std::vector<std::string> arguments;  // after the verb
  // Not null: the verb only tells here what it takes, and does nothing else.
  Declared* declared = nullptr;
};

struct Verb {
  std::string_view name;
  std::string_view about;  // one line
  // Returns the exit status. Throws base::Error, base::DiagnosticsError, ReaderGone.
  int (*call)(const Invocation& invocation);
  std::span<const Verb> (*inner)() = nullptr;  // of a verb that has verbs of its own
};

int run(const Invocation& invocation);
int check(const Invocation& invocation);
int test(const Invocation& invocation);
int plan(const Invocation& invocation);
int graph(const Invocation& invocation);
int bench(const Invocation& invocation);
int plugins(const Invocation& invocation);
int plugin(const Invocation& invocation);
int plugin_new(const Invocation& invocation);
int plugin_verify(const Invocation& invocation);
int plugin_checks(const Invocation& invocation);
int inspect(const Invocation& invocation);
int schema(const Invocation& invocation);
int devices(const Invocation& invocation);
int explain(const Invocation& invocation);
int completion(const Invocation& invocation);
int man(const Invocation& invocation);

std::span<const Verb> verbs();
// What a verb takes.
Declared declared(const Verb& verb, const Invocation& invocation);
std::span<const Verb> plugin_verbs();  // of `motet plugin`

}  // namespace motet::cli
