#include "base/codes.hpp"
#include "base/error.hpp"
#include "cli/options.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "report/code_report.hpp"
#include "report/verify_report.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {
    "motet explain [CODE] [--json]",
    "Says what an error's code means and what to do, or a rule for plugins. Without a code, lists the "
    "errors'; motet plugin checks lists the rules.",
    "  motet explain M0207\n"
    "  motet explain 207\n"
    "  motet explain C017\n"};

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
  const bool rule = wanted.starts_with('C') || wanted.starts_with('c');
  if (const verify::Check* check = rule ? verify::find_check(wanted) : nullptr) {
    out.write(json ? report::check_json(*check) : report::check_text(*check));
    return 0;
  }
  const base::CodeInfo* code = base::find_code(wanted);
  if (code == nullptr)
    base::fail(base::ErrorKind::user, "there is no code '" + wanted + "'",
               "motet explain lists them all, motet plugin checks the rules for plugins");
  out.write(json ? report::code_json(*code) : report::code_text(*code));
  return 0;
}

}  // namespace motet::cli
