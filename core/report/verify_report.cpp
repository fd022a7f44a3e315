#include "report/verify_report.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

#include "report/json.hpp"
#include "report/markup.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;
using verify::Outcome;
using verify::Verdict;

constexpr Verdict kVerdicts[] = {Verdict::passed, Verdict::failed, Verdict::crashed, Verdict::timed_out,
                                 Verdict::skipped};

std::string_view slug_of(int number) {
  const verify::Check* check = verify::find_check(std::to_string(number));
  return check == nullptr ? std::string_view() : check->slug;
}

std::string title_of(const Outcome& one) {
  return verify::check_name(one.number) + " " + std::string(slug_of(one.number));
}

std::string place_of(const Outcome& one) {
  if (one.type.empty()) return one.setup.empty() ? "the file" : one.setup;
  return one.type + (one.setup.empty() ? "" : " (" + one.setup + ")");
}

std::string indented(const std::string& text) {
  std::string out = "      ";
  for (const char c : text) out += c == '\n' ? std::string("\n      ") : std::string(1, c);
  return out + "\n";
}

std::string counts(const verify::Verified& verified) {
  std::string out;
  for (const Verdict verdict : kVerdicts) {
    const std::size_t count = verified.count(verdict);
    if (count > 0 || verdict == Verdict::passed)
      out += (out.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(verify::name(verdict));
  }
  return out;
}

ordered_json data_of(const verify::Check& check) {
  return {{"check", verify::check_name(check.number)},
          {"slug", check.slug},
          {"asks", check.asks},
          {"otherwise", check.otherwise},
          {"enforced", check.enforced},
          {"on", verify::name(check.on)},
          {"strictness", check.strictness}};
}

}  // namespace

std::string verified_text(const verify::Verified& verified) {
  std::string out = verified.library.string() + (verified.plugin.empty() ? "" : ": " + verified.plugin) + "\n";
  std::vector<std::pair<std::string, std::vector<const Outcome*>>> places;
  for (const Outcome& one : verified.outcomes) {
    const std::string place = place_of(one);
    auto found = std::find_if(places.begin(), places.end(), [&](const auto& p) { return p.first == place; });
    if (found == places.end()) found = places.insert(places.end(), {place, {}});
    found->second.push_back(&one);
  }
  for (const auto& [place, list] : places) {
    const auto passed =
        std::count_if(list.begin(), list.end(), [](const Outcome* one) { return one->verdict == Verdict::passed; });
    out += "  " + place + ": " + std::to_string(passed) + " of " + std::to_string(list.size()) + " passed\n";
    std::map<std::string, std::string> reasons;  // why some were skipped, once each
    for (const Outcome* one : list) {
      if (one->bad()) {
        out += "    " + std::string(verify::name(one->verdict)) + " " + title_of(*one) + "\n" + indented(one->message);
      } else if (one->verdict == Verdict::skipped) {
        std::string& names = reasons[one->message];
        names += (names.empty() ? "" : ", ") + verify::check_name(one->number);
      }
    }
    for (const auto& [reason, names] : reasons) out += "    skipped " + names + "\n" + indented(reason);
  }
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.1f s", verified.ms / 1000);
  return out + counts(verified) + "; " + seconds + ", strictness " + std::to_string(verified.strictness) + ", --seed " +
         std::to_string(verified.seed) + "\n" + (verified.good() ? "" : "motet explain CODE tells more of a check\n");
}

std::string verified_json(const verify::Verified& verified) {
  ordered_json outcomes = ordered_json::array();
  for (const Outcome& one : verified.outcomes) {
    outcomes.push_back({{"check", verify::check_name(one.number)},
                        {"slug", slug_of(one.number)},
                        {"type", one.type},
                        {"setup", one.setup},
                        {"verdict", verify::name(one.verdict)},
                        {"message", one.message},
                        {"ms", one.ms}});
  }
  ordered_json out{{"library", verified.library.string()},
                   {"plugin", verified.plugin},
                   {"seed", verified.seed},
                   {"strictness", verified.strictness},
                   {"ms", verified.ms}};
  for (const Verdict verdict : kVerdicts) {
    std::string name(verify::name(verdict));
    std::replace(name.begin(), name.end(), ' ', '_');
    out[name] = verified.count(verdict);
  }
  out["outcomes"] = std::move(outcomes);
  return json_text(out);
}

std::string verified_junit(const verify::Verified& verified) {
  std::map<std::string, std::vector<const Outcome*>> suites;
  for (const Outcome& one : verified.outcomes) suites[place_of(one)].push_back(&one);
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const auto& [place, list] : suites) {
    const auto count = [&](auto&& which) { return std::to_string(std::count_if(list.begin(), list.end(), which)); };
    out += "  <testsuite name=\"" + escaped(place) + "\" tests=\"" + std::to_string(list.size()) + "\" failures=\"" +
           count([](const Outcome* one) { return one->verdict == Verdict::failed; }) + "\" errors=\"" +
           count([](const Outcome* one) { return one->bad() && one->verdict != Verdict::failed; }) + "\" skipped=\"" +
           count([](const Outcome* one) { return one->verdict == Verdict::skipped; }) + "\">\n";
    for (const Outcome* one : list) {
      char time[32];
      std::snprintf(time, sizeof time, "%.3f", one->ms / 1000);
      out += "    <testcase classname=\"" + escaped(place) + "\" name=\"" + escaped(title_of(*one)) + "\" time=\"" +
             time + "\"";
      if (one->verdict == Verdict::passed) {
        out += "/>\n";
        continue;
      }
      const char* element = one->verdict == Verdict::skipped  ? "skipped"
                            : one->verdict == Verdict::failed ? "failure"
                                                              : "error";
      out += ">\n      <" + std::string(element) + " message=\"" + escaped(one->message) + "\"/>\n    </testcase>\n";
    }
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

std::string planned_text(const std::vector<verify::Planned>& planned) {
  std::string out;
  for (const verify::Planned& one : planned) {
    out += verify::check_name(one.check->number) + "  " + std::string(one.check->slug);
    if (!one.type.empty()) out += "  " + one.type;
    if (one.setup.derived || !one.setup.pipeline.empty()) out += "  (" + one.setup.text() + ")";
    out += "\n";
  }
  return out;
}

std::string checks_text(std::span<const verify::Check> checks) {
  std::string out;
  for (const verify::Check& one : checks) out += verify::check_name(one.number) + "  " + std::string(one.asks) + "\n";
  return out;
}

std::string checks_json(std::span<const verify::Check> checks) {
  ordered_json all = ordered_json::array();
  for (const verify::Check& one : checks) all.push_back(data_of(one));
  return json_text({{"checks", std::move(all)}});
}

std::string check_text(const verify::Check& check) {
  return verify::check_name(check.number) + " " + std::string(check.slug) + "\n\n" + std::string(check.asks) +
         "\nOtherwise: " + std::string(check.otherwise) + "\nEnforced by: " + std::string(check.enforced) +
         ". Tried on " + std::string(verify::name(check.on)) + ", from strictness " + std::to_string(check.strictness) +
         " on.\n";
}

std::string check_json(const verify::Check& check) { return json_text(data_of(check)); }

std::string checks_page(std::span<const verify::Check> checks) {
  std::string out =
      "# What a plugin owes\n\n"
      "Each obligation has a number that never changes its meaning. A message that begins with `[C012]` means that a "
      "plugin broke that one; the fix is the plugin author's. The SDK (`motet/sdk.hpp`) keeps most of them by itself. "
      "`motet explain C012` prints a paragraph of this page, `motet plugin verify` tries all of them on a plugin.\n\n"
      "\"Loader\" is what `motet` does when it finds or loads a library; \"host\" is checked on every call; \"checked "
      "host\" only in checked mode (`--checked`), which is on in tests; \"kit\" is the conformance kit alone. The page "
      "is "
      "made of the table in `core/verify/checks`.\n";
  for (const verify::Check& one : checks) {
    out += "\n## " + verify::check_name(one.number) + " " + std::string(one.slug) + "\n" + std::string(one.asks) +
           " Otherwise: " + std::string(one.otherwise) + " Enforced by: " + std::string(one.enforced) + ". Of " +
           std::string(verify::name(one.on)) + ".\n";
  }
  return out;
}

}  // namespace motet::report
