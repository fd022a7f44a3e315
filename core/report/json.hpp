// What the reports of this room share in writing JSON. Not for other rooms, which see text.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.hpp"
#include "value/value.hpp"

namespace motet::report {

// One line, broken bytes replaced, with a newline at the end.
std::string json_text(const nlohmann::ordered_json& json);

// text: a string. tokens: ids. tensor: nested lists; infinities and NaN are the strings "Infinity", "-Infinity", "NaN",
// since JSON has no such numbers. audio, image: the path, else {"rate_hz", "samples": [[channel...]...]} and
// {"pixels": [[[...]]]}. A list: a list.
nlohmann::ordered_json value_data(const value::Value& value);

// {"kind", "message", "help"}
nlohmann::ordered_json error_data(const base::Error& error);

}  // namespace motet::report
