// Libraries of others that cannot do without memory.
#pragma once

#include "faults/trials.hpp"

namespace motet::test {

inline constexpr Exempt kExempt[] = {
    {"/libicu",
     "its regular expressions crash where a set or their stack of states cannot grow, and call other failures a "
     "mistake in the pattern"},
    {"/libdnnl", "small products take memory in functions that are noexcept"},
    {"/libhwy", "takes memory while it is loaded, where no exception can be caught"},
    {"/libsndfile", "uses what it has just failed to allocate"},
};

}  // namespace motet::test
