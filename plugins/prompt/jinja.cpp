#include "prompt/jinja.hpp"

#include "prompt/jinja_parser.hpp"
#include "prompt/jinja_render.hpp"

namespace motet::prompt::jinja {

struct Template::Tree {
  Body body;
};

Template::Template(std::string_view source) : tree_(std::make_unique<const Tree>(Tree{parse(source)})) {}
Template::~Template() = default;
Template::Template(Template&&) noexcept = default;
Template& Template::operator=(Template&&) noexcept = default;

std::string Template::render(std::vector<std::pair<std::string, Value>> variables, const Limits& limits) const {
  return Renderer(std::move(variables), limits).render(tree_->body);
}

}  // namespace motet::prompt::jinja
