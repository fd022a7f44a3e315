#include "cli/verbs.hpp"

namespace motet::cli {
namespace {

// In the order in which a newcomer needs them.
constexpr Verb kVerbs[] = {
    {"run", "runs a pipeline", run},
    {"check", "says everything that is wrong with a pipeline, without running it", check},
};

}  // namespace

std::span<const Verb> verbs() { return kVerbs; }

}  // namespace motet::cli
