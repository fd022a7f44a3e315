// Transformers whose models are described by family files.
#include <motet/sdk.hpp>

#include "transformer/decoder.hpp"
#include "transformer/encoder.hpp"

MOTET_PLUGIN("transformer", "1.0.0", motet::transformer::Encoder, motet::transformer::Decoder)
