#include "base/codes.hpp"
#include "base/error.hpp"
#include "cli/options.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {"motet explain [CODE]",
                        "Says what an error's code means and what to do. Without a code, lists them all.",
                        "  motet explain M0207\n"
                        "  motet explain 207\n"};

std::string list_text() {
  std::string out;
  for (const base::CodeInfo& code : base::codes())
    out += std::string(code.code) + "  " + std::string(code.title) + "\n";
  return out;
}

}  // namespace

int explain(const Invocation& invocation) {
  std::string wanted;
  Options options(kHelp);
  options.positional("CODE", wanted, false);
  if (!options.parse(invocation.arguments)) return 0;
  StandardOutput out;
  if (wanted.empty()) {
    out.write(list_text());
    return 0;
  }
  const base::CodeInfo* code = base::find_code(wanted);
  if (code == nullptr)
    base::fail(base::ErrorKind::user, "there is no code '" + wanted + "'", "motet explain lists them all");
  out.write(std::string(code->code) + ": " + std::string(code->title) + "\n\n" + std::string(code->explanation) + "\n");
  return 0;
}

}  // namespace motet::cli
