// Projections between spaces of features.
#include <motet/sdk.hpp>

#include "projector/projector.hpp"

MOTET_PLUGIN("projector", "1.0.0", motet::projector::Linear, motet::projector::Mlp)
