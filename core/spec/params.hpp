// Values of parameters: from a node and a declaration to a typed value, and back.
#pragma once

#include <optional>
#include <string>

#include "base/diagnostic.hpp"
#include "spec/expand.hpp"
#include "spec/pipeline.hpp"

namespace motet::spec {

// The node as the parameter's type; nothing where it is of another one. Ranges and choices are not looked at.
std::optional<ParamValue> typed(const ParamSpec& param, const Node& node);

// What is wrong with the value's range or choice, empty where it fits.
std::string misfit(const ParamSpec& param, const ParamValue& value);

// "an int", "a list of texts", with article.
std::string type_words(const ParamSpec& param);

// "a whole number, such as 1": what to write for it.
std::string words_and_example(const ParamSpec& param);

// A value as a scalar or list that reads back as the same value.
Node to_node(const ParamValue& value, const base::Place& place);

// The number as its shortest text that reads back as the same number.
std::string number_text(double number);

}  // namespace motet::spec
