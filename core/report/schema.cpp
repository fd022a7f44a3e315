#include "report/schema.hpp"

#include "report/json.hpp"
#include "report/schema_parts.hpp"
#include "tensor/dtype.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;

constexpr const char* kReference = "^(?!inputs$)[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z_][A-Za-z0-9_-]*)?$";

ordered_json map_of(ordered_json values, const std::string& description) {
  return {{"type", "object"},
          {"description", description},
          {"propertyNames", {{"pattern", kNamePattern}}},
          {"additionalProperties", std::move(values)}};
}

ordered_json text_key(const std::string& description) {
  ordered_json out = scalar();
  out["description"] = description;
  return out;
}

// One of these texts, or a text of this form: the texts are what an editor offers.
ordered_json text_like(std::vector<std::string> offered, const std::string& pattern) {
  return {{"type", "string"}, {"anyOf", {{{"enum", std::move(offered)}}, {{"pattern", pattern}}}}};
}

ordered_json when(ordered_json type, ordered_json then) {
  return {{"if", {{"properties", {{"type", std::move(type)}}}, {"required", {"type"}}}}, {"then", std::move(then)}};
}

ordered_json default_is(ordered_json value) { return {{"properties", {{"default", std::move(value)}}}}; }

ordered_json pipeline_param() {
  ordered_json short_form = text_like({"string", "path", "int", "float", "bool", "int[]", "string[]", "path[]"},
                                      "^(string|text|path|int|float|bool)(\\[\\])?$");
  ordered_json type = text_like({"string", "path", "int", "float", "bool", "enum", "int[]", "string[]", "path[]"},
                                "^(string|text|enum|path|int|float|bool)(\\[\\])?$");
  type["description"] = "string, path, int, float, bool, enum with choices, or a list of them as int[]";
  ordered_json map =
      closed({{"type", std::move(type)},
              {"default", {{"description", "without one the parameter must be given"}}},
              {"min", {{"type", "number"}, {"description", "the least, of an int or a float"}}},
              {"max", {{"type", "number"}, {"description", "the most, of an int or a float"}}},
              {"choices", {{"type", "array"}, {"items", scalar()}, {"minItems", 1}, {"description", "what it may be"}}},
              {"help", text_key("what it is for")}});
  map["required"] = {"type"};
  map["allOf"] = {
      when({{"pattern", "^enum"}}, {{"required", {"choices"}}}),
      when({{"pattern", "^(string|text|enum|path|bool)"}}, {{"properties", {{"min", false}, {"max", false}}}}),
      when({{"pattern", "^(path|bool)"}}, {{"properties", {{"choices", false}}}}),
      when({{"pattern", "\\[\\]$"}}, default_is(or_expression({{"type", "array"}}))),
      when({{"const", "int"}}, default_is(or_expression({{"type", "integer"}}))),
      when({{"const", "float"}}, default_is(or_expression({{"type", "number"}}))),
      when({{"const", "bool"}}, default_is(or_expression({{"type", "boolean"}})))};
  return {{"anyOf", {std::move(short_form), std::move(map)}}};
}

// As graph/type.cpp reads it.
ordered_json value_type() {
  std::string elements;
  constexpr auto kLast = static_cast<std::uint32_t>(tensor::DType::q6_K);
  for (std::uint32_t i = 1; i <= kLast; ++i) {
    const tensor::DTypeInfo& element = tensor::info(static_cast<tensor::DType>(i));
    if (element.dtype != tensor::DType::none) elements += (elements.empty() ? "" : "|") + std::string(element.name);
  }
  const std::string dim = "[A-Za-z0-9_]+";
  const std::string dims = " *((\\.\\.\\.|" + dim + ")( *, *" + dim + ")*)? *";
  ordered_json out = text_like(
      {"text", "audio", "image", "table", "tokens", "tensor", "text[]", "audio[]", "image[]"},
      "^ *((text|image|audio|table|tokens) *(\\[\\])?|tensor|(" + elements + ")\\[" + dims + "\\]( *\\[\\])?) *$");
  out["description"] = "text, image, audio, table, tokens, a list as text[], or a tensor as f32[T, 80]";
  return out;
}

ordered_json pipeline_input() {
  ordered_json map =
      closed({{"type", value_type()},
              {"once", {{"type", "boolean"}, {"description", "computed once a run, not for every item"}}},
              {"help", text_key("what it is for")},
              {"default", {{"description", "what stands there where --in gives nothing"}}}});
  map["required"] = {"type"};
  return {{"anyOf", {value_type(), std::move(map)}}};
}

ordered_json definitions(const plugin::Registry& registry) {
  const ordered_json reference = definition("reference");
  ordered_json out;
  out["expression"] = {{"type", "string"}, {"pattern", "\\$\\{"}};
  out["reference"] = {{"type", "string"}, {"pattern", kReference}};
  out["connection"] = {{"anyOf", {reference, {{"type", "array"}, {"items", reference}, {"maxItems", 1}}}}};
  add_stage_types(registry, out);
  return out;
}

}  // namespace

std::string schema_json(const plugin::Registry& registry) {
  ordered_json stages = map_of(definition("stage"), "the stages by their names");
  stages["properties"]["inputs"] = false;  // inputs.x is an input of the pipeline
  stages["minProperties"] = 1;
  ordered_json outputs = map_of(definition("reference"), "what leaves, by name; the first one goes to stdout");
  outputs["minProperties"] = 1;
  ordered_json out =
      closed({{"motet", {{"const", 1}, {"description", "the version of this language"}}},
              {"name", text_key("what people call it")},
              {"summary", text_key("what it does, in a line")},
              {"params", map_of(pipeline_param(), "what --set and include may give")},
              {"weights", map_of(scalar(), "names for weights: a file or a folder each")},
              {"inputs", map_of(pipeline_input(), "a type each: text, audio, tokens, f32[T, 80], text[]")},
              {"stages", std::move(stages)},
              {"outputs", std::move(outputs)}});
  out["required"] = {"motet", "stages", "outputs"};
  ordered_json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "A Motet pipeline"}};
  schema.update(out);
  schema["$defs"] = definitions(registry);
  return json_text(schema);
}

}  // namespace motet::report
