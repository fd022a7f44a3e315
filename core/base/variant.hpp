// std::variant, whose copying may fail.
//
// Where all alternatives are strings, vectors or scalars, libstdc++ takes a variant for one that always holds
// something, also while its copy is being made: a copy for which there is no memory then destroys what is not there.
// Assigning has no such gap.
#pragma once

#include <variant>

namespace motet::base {

template <class... Types>
class Variant : public std::variant<Types...> {
 public:
  using std::variant<Types...>::variant;
  Variant() = default;
  Variant(const Variant& other) : std::variant<Types...>() { *this = other; }
  Variant(Variant&&) noexcept = default;
  Variant& operator=(const Variant&) = default;
  Variant& operator=(Variant&&) noexcept = default;
  ~Variant() = default;
};

}  // namespace motet::base
