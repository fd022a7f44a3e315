// How one modality's tokens look at another's.
#include <motet/sdk.hpp>

#include "fusion/cross_attention.hpp"

MOTET_PLUGIN("fusion", "1.0.0", motet::fusion::CrossAttention)
