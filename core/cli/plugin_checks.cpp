// motet plugin checks: what the conformance kit asks of a plugin.
#include "cli/options.hpp"
#include "cli/standard_output.hpp"
#include "cli/verbs.hpp"
#include "report/verify_report.hpp"

namespace motet::cli {
namespace {

constexpr Help kHelp = {"motet plugin checks [--json]",
                        "Lists the rules that motet plugin verify tries on a plugin; motet explain C017 tells of one.",
                        "  motet plugin checks\n"};

}  // namespace

int plugin_checks(const Invocation& invocation) {
  bool json = false;
  Options options(kHelp);
  options.flag("json", json, "the list as JSON");
  if (!options.parse(invocation)) return 0;
  StandardOutput().write(json ? report::checks_json(verify::checks()) : report::checks_text(verify::checks()));
  return 0;
}

}  // namespace motet::cli
