#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "report/page.hpp"

namespace motet::report {

LastRun read_last_run(std::string_view text, const std::string& what) {
  using nlohmann::json;
  try {
    const json run = json::parse(text);
    const json& timings = run.at("timings");
    LastRun out{run.at("device").get<std::string>(),
                timings.at("load_ms").get<double>(),
                timings.at("total_ms").get<double>(),
                {}};
    for (const auto& [name, time] : timings.at("stages").items())
      out.stages[name] = {time.at("calls").get<std::uint64_t>(), time.at("total_ms").get<double>(), {}};
    for (const auto& [name, time] : timings.at("generators").items()) {
      out.stages[name].generator =
          LastRun::Generator{time.at("prompt_tokens").get<std::uint64_t>(), time.at("steps").get<std::uint64_t>(),
                             time.at("prefill_ms").get<double>(), time.at("step_ms").get<double>()};
    }
    return out;
  } catch (const json::exception&) {
    base::fail(base::ErrorKind::user, what + ": is not what a run says of itself",
               "write it with motet run PIPELINE ... --json > FILE");
  }
}

}  // namespace motet::report
