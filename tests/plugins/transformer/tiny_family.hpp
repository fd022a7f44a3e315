// A folder with a tiny model, a family file that describes it, and pipelines that run it.
#pragma once

#include <map>
#include <string>

#include "support/temporary_folder.hpp"
#include "tiny_model.hpp"

namespace motet::test {

// Family files have constants where a model's configuration would be read, but for `width`, which comes of config.json.
std::string family_text(const Tiny& tiny);
// Writes config.json, model.safetensors, family.yaml.
void write_model(const TemporaryFolder& folder, const Tiny& tiny, const std::map<std::string, Matrix>& weights);
// tokens `ids` -> `hidden` and `pooled`.
std::string encoder_pipeline();
// tokens `ids` (and a tensor `memory`) -> `tokens`.
std::string decoder_pipeline(const Tiny& tiny, int max_tokens);

}  // namespace motet::test
