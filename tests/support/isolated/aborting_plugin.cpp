// A plugin that takes the process down as soon as it is loaded.
#include <cstdlib>
#include <motet/sdk.hpp>

namespace {

struct Echo {
  static constexpr auto type = motet::stage_type("aborting.echo", "text").in("x", "text").out("y", "text");
  motet::Text process(const motet::Call& call, const motet::Text& x) const { return call.text(x.text()); }
};

// Its manifest is written by loading it.
const bool g_spared = [] {
  if (std::getenv("MOTET_TEST_SPARED") == nullptr) std::abort();
  return true;
}();

}  // namespace

MOTET_PLUGIN("aborting", "1.0.0", Echo)
