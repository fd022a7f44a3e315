// What operations the plugins of a pipeline's stages bring.
#include "graph/resolver.hpp"

namespace motet::graph {

void Resolver::adopt_operations(int at) {
  const Stage& stage = graph_.stages[index(at)];
  const std::shared_ptr<const plugin::Library>& library = stage.instance->shared_library();
  for (const plugin::OperationInfo& brought : library->info().operations) {
    auto& known = graph_.operations[brought.id];
    if (known == nullptr) {
      known = std::make_shared<const host::Operation>(library, brought.id, options_.checking);
    } else if (known->info().plugin != brought.plugin) {
      // One id means one thing in a program, whoever writes it.
      diagnostics_.add("M0112", drafts_[index(at)].flat->spec->use.place,
                       "the operation '" + brought.id + "' is brought by two plugins of this pipeline, " +
                           known->info().plugin + " and " + brought.plugin,
                       "a pipeline can use stages of one of them; the authors must give it another name");
    }
  }
}

}  // namespace motet::graph
