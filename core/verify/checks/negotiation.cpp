// 50 to 53: what `negotiate` says of inputs that the pipeline does not have.
#include "verify/other_inputs.hpp"
#include "verify/trial.hpp"

namespace motet::verify::families {
namespace {

std::string listed(const std::set<std::string, std::less<>>& ports) {
  std::string out;
  for (const std::string& port : ports) out += (out.empty() ? "in." : " or in.") + port;
  return out;
}

void misfit_named(Trial& trial) {
  Subject& subject = trial.subject();
  if (subject.stage().owner >= 0) skip("it fills a slot, and its owner decides what it gets");
  const std::vector<OtherInputs> others = other_inputs(subject);
  if (others.empty()) skip("its inputs are no tensors, or can be no others");
  const graph::Symbols symbols = subject.graph().symbols;
  for (const OtherInputs& other : others) {
    Made made = subject.create();
    const auto refused = refusal([&] { subject.negotiate(made, other.specs); });
    subject.graph().symbols = symbols;
    if (!refused) continue;
    const std::string& path = refused->path;
    // A weight that fits no more is as good a place to look at: its file is one of two ends.
    const bool named = path.starts_with("weights") || (path.starts_with("in.") && other.at.contains(path.substr(3)));
    expect(named, "given " + other.what + " it refuses and names " + (path.empty() ? "nothing" : "'" + path + "'") +
                      ", not " + listed(other.at) + ": " + refused->message);
  }
}

}  // namespace

std::span<const Check> negotiation() {
  static constexpr Check kChecks[] = {
      {50, "misfit_named",
       "An input of another size, number of dimensions or type, as far as its port's type allows, `negotiate` takes, "
       "or refuses by the port's name (`in.NAME`), or by a weight's that fits no more.",
       "The line of YAML that is shown is not the edge that does not fit.", "kit", On::computing, kNormal,
       misfit_named},
  };
  return kChecks;
}

}  // namespace motet::verify::families
