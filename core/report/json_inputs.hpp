// Values for a pipeline's inputs, written as JSON.
//
// text: a string. audio, image: the path of a file. tokens: a list of ids. tensor: nested lists of numbers. A list of
// any of them: a JSON list.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "graph/graph.hpp"
#include "value/value.hpp"

namespace motet::report {

// `what` is named in messages. Throws base::Error(user) where the text is not JSON, or not of that type.
value::Ref value_from_json(std::string_view json, const graph::PortType& type, const std::string& what);

// One line of a .jsonl file: an object whose keys are inputs' names. Throws base::Error(item): also for a name that the
// graph has not, one that stands twice, and a file that is not there.
std::map<std::string, value::Ref> item_from_json(std::string_view json, const graph::Graph& graph);

}  // namespace motet::report
