#include "base/codes.hpp"
#include "base/error.hpp"
#include "cli/options.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "report/code_report.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {"motet explain [CODE] [--json]",
                        "Says what an error's code means and what to do. Without a code, lists them all.",
                        "  motet explain M0207\n"
                        "  motet explain 207\n"};

}  // namespace

int explain(const Invocation& invocation) {
  std::string wanted;
  bool json = false;
  Options options(kHelp);
  options.positional("CODE", wanted, false).flag("json", json, "the same as JSON");
  if (!options.parse(invocation)) return 0;
  StandardOutput out;
  if (wanted.empty()) {
    out.write(json ? report::codes_json(base::codes()) : report::codes_text(base::codes()));
    return 0;
  }
  const base::CodeInfo* code = base::find_code(wanted);
  if (code == nullptr)
    base::fail(base::ErrorKind::user, "there is no code '" + wanted + "'", "motet explain lists them all");
  out.write(json ? report::code_json(*code) : report::code_text(*code));
  return 0;
}

}  // namespace motet::cli
