// Vectors of meaning: made, compared, ranked.
#include <motet/sdk.hpp>

#include "retrieval/pool.hpp"
#include "retrieval/rank.hpp"
#include "retrieval/similarity.hpp"

MOTET_PLUGIN("retrieval", "1.0.0", motet::retrieval::Pool, motet::retrieval::Similarity, motet::retrieval::Rank)
