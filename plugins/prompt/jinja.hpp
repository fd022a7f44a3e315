// A small engine of the template language (Jinja's) that chat templates are written in, with transformers' settings.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "prompt/jinja_error.hpp"
#include "prompt/jinja_value.hpp"

namespace motet::prompt::jinja {

// A parsed template. Any thread may render it.
class Template {
 public:
  explicit Template(std::string_view source);  // throws TemplateError
  ~Template();
  Template(Template&&) noexcept;
  Template& operator=(Template&&) noexcept;

  // Throws TemplateError: raise_exception's words, a mistake, or a limit.
  std::string render(std::vector<std::pair<std::string, Value>> variables, const Limits& limits = {}) const;

 private:
  struct Tree;
  std::unique_ptr<const Tree> tree_;
};

}  // namespace motet::prompt::jinja
