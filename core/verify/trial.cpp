#include "verify/trial.hpp"

namespace motet::verify {

const plugin::Registry& Trial::registry() {
  if (!registry_) registry_ = plugin::Registry::scan(request_.plugins);
  return *registry_;
}

Subject& Trial::subject() {
  if (!subject_) subject_ = std::make_unique<Subject>(request_, registry(), observer_, read_);
  return *subject_;
}

}  // namespace motet::verify
