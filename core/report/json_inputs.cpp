#include "report/json_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "base/nearest.hpp"

namespace motet::report {
namespace {

using nlohmann::json;

[[noreturn]] void wrong(const std::string& message, std::string help = {}) {
  base::fail(base::ErrorKind::user, message, std::move(help));
}

// What the library says without its own numbering: "[json.exception.parse_error.101] parse error at ...".
std::string plain(const json::exception& error) {
  const std::string_view what = error.what();
  const std::size_t end = what.find("] ");
  return std::string(end == std::string_view::npos ? what : what.substr(end + 2));
}

json parse(std::string_view text, const std::string& what) {
  std::vector<std::set<std::string>> open;
  const auto watch = [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key && !open.back().insert(value.get<std::string>()).second) {
      wrong(what + ": the key '" + value.get<std::string>() + "' stands twice");
    }
    return true;
  };
  try {
    return json::parse(text, watch);
  } catch (const json::exception& error) {
    wrong(what + ": " + plain(error));
  }
}

std::string path_of(const json& value, const std::string& what) {
  if (!value.is_string()) wrong(what + ": wanted the path of a file, got " + std::string(value.type_name()));
  const std::string path = value.get<std::string>();
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) wrong(what + ": " + path + ": no such file");
  return path;
}

value::Ref tokens(const json& value, const std::string& what) {
  if (!value.is_array()) wrong(what + ": wanted a list of token ids");
  value::Tokens out;
  for (const json& id : value) {
    if (!id.is_number_integer() || id < 0 || id > std::numeric_limits<std::int32_t>::max()) {
      wrong(what + ": '" + id.dump() + "' is no token id");
    }
    out.ids.push_back(id.get<std::int32_t>());
  }
  return value::make_tokens(std::move(out));
}

void flatten(const json& value, std::size_t axis, const tensor::Shape& shape, std::vector<double>& out,
             const std::string& what) {
  if (axis == static_cast<std::size_t>(shape.rank())) {
    if (!value.is_number())
      wrong(what + ": wanted numbers in lists of equal lengths, got " + std::string(value.type_name()));
    out.push_back(value.get<double>());
    return;
  }
  if (!value.is_array() || value.size() != static_cast<std::size_t>(shape[static_cast<int>(axis)])) {
    wrong(what + ": its lists have different lengths");
  }
  for (const json& one : value) flatten(one, axis + 1, shape, out, what);
}

// Whether the sizes are those that the pipeline declares for this input.
bool fits(const tensor::Shape& shape, const graph::PortType& type) {
  const bool leading = !type.dims.empty() && type.dims.front().ellipsis;  // "...": any number of sizes
  const auto written = static_cast<int>(type.dims.size()) - (leading ? 1 : 0);
  if (leading ? shape.rank() < written : shape.rank() != written) return false;
  for (int back = 1; back <= written; ++back) {
    const std::int64_t wanted = type.dims[type.dims.size() - static_cast<std::size_t>(back)].size;
    if (wanted >= 0 && wanted != shape[shape.rank() - back]) return false;
  }
  return true;
}

value::Ref tensor_value(const json& value, const graph::PortType& type, const std::string& what) {
  tensor::Shape shape;
  for (const json* at = &value; at->is_array(); at = &at->front()) {
    if (shape.rank() == tensor::kMaxRank)
      wrong(what + ": more than " + std::to_string(tensor::kMaxRank) + " lists in each other");
    shape.push_back(static_cast<std::int64_t>(at->size()));
    if (at->empty()) break;
  }
  if (!fits(shape, type)) wrong(what + ": wanted " + graph::text(type) + ", got sizes of " + shape.text());
  std::vector<double> numbers;
  if (shape.elements() > 0) flatten(value, 0, shape, numbers, what);
  tensor::HostTensor out(type.dtype, shape);
  if (type.dtype == tensor::DType::f32) {
    std::transform(numbers.begin(), numbers.end(), out.as<float>().begin(),
                   [](double x) { return static_cast<float>(x); });
  } else if (type.dtype == tensor::DType::i32) {
    std::transform(numbers.begin(), numbers.end(), out.as<std::int32_t>().begin(), [&](double x) {
      if (x != std::floor(x) || std::abs(x) > std::numeric_limits<std::int32_t>::max())
        wrong(what + ": wanted 32-bit integers");
      return static_cast<std::int32_t>(x);
    });
  } else {
    wrong(what + ": tensors of " + std::string(tensor::name(type.dtype)) + " cannot be given as JSON");
  }
  return value::make_tensor(std::move(out));
}

value::Ref convert(const json& value, const graph::PortType& type, const std::string& what) {
  if (type.list) {
    if (!value.is_array())
      wrong(what + ": wanted a list, " + graph::text(type) + ", got " + std::string(value.type_name()));
    graph::PortType element = type;
    element.list = false;
    value::List list;
    for (std::size_t i = 0; i < value.size(); ++i)
      list.push_back(convert(value[i], element, what + "[" + std::to_string(i) + "]"));
    return value::make_list(std::move(list));
  }
  switch (type.kind) {
    case graph::Kind::text:
      if (!value.is_string()) wrong(what + ": wanted a text in quotes, got " + std::string(value.type_name()));
      return value::make_text(value.get<std::string>());
    case graph::Kind::audio:
      return value::make_audio_file(path_of(value, what));
    case graph::Kind::image:
      return value::make_image_file(path_of(value, what));
    case graph::Kind::tokens:
      return tokens(value, what);
    case graph::Kind::tensor:
      return tensor_value(value, type, what);
    case graph::Kind::table:
      break;
  }
  wrong(what + ": a " + graph::text(type) + " cannot be given as JSON");
}

std::map<std::string, value::Ref> read_item(std::string_view text, const graph::Graph& graph) {
  const json object = parse(text, "the line");
  if (!object.is_object()) wrong("the line is not a JSON object", "write {\"INPUT\": VALUE}");
  std::map<std::string, value::Ref> out;
  for (const auto& [name, value] : object.items()) {
    const auto input = std::find_if(graph.inputs.begin(), graph.inputs.end(),
                                    [&, &key = name](const graph::Input& one) { return one.name == key; });
    if (input == graph.inputs.end()) {
      std::vector<std::string> known;
      for (const graph::Input& one : graph.inputs) known.push_back(one.name);
      wrong("the pipeline has no input '" + name + "'", base::suggestion(name, known));
    }
    out.emplace(name, convert(value, input->type, "input '" + name + "'"));
  }
  return out;
}

}  // namespace

value::Ref value_from_json(std::string_view json, const graph::PortType& type, const std::string& what) {
  return convert(parse(json, what), type, what);
}

std::map<std::string, value::Ref> item_from_json(std::string_view json, const graph::Graph& graph) {
  try {
    return read_item(json, graph);
  } catch (const base::Error& error) {
    throw base::Error(base::ErrorKind::item, error.what(), error.help());
  }
}

}  // namespace motet::report
