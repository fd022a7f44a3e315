#include "report/json.hpp"

#include <charconv>
#include <cmath>
#include <functional>

#include "base/error.hpp"
#include "tensor/blocks.hpp"

namespace motet::report {
namespace {

using nlohmann::ordered_json;

// The shortest number that reads back as the same float, so that 0.1f is 0.1.
ordered_json number(float value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  double out = 0;
  std::from_chars(text, end, out);
  return out;
}

using Element = std::function<ordered_json(std::size_t)>;

ordered_json nested(std::span<const std::int64_t> sizes, std::size_t& at, const Element& element) {
  if (sizes.empty()) return element(at++);
  ordered_json out = ordered_json::array();
  for (std::int64_t i = 0; i < sizes.front(); ++i) out.push_back(nested(sizes.subspan(1), at, element));
  return out;
}

Element element_of(const tensor::HostTensor& tensor) {
  switch (tensor.dtype()) {
    case tensor::DType::f32:
      return [&](std::size_t i) { return number(tensor.as<float>()[i]); };
    case tensor::DType::f16:
      return [&](std::size_t i) { return number(tensor::from_f16(tensor.as<std::uint16_t>()[i])); };
    case tensor::DType::bf16:
      return [&](std::size_t i) { return number(tensor::from_bf16(tensor.as<std::uint16_t>()[i])); };
    case tensor::DType::i32:
      return [&](std::size_t i) { return ordered_json(tensor.as<std::int32_t>()[i]); };
    case tensor::DType::i64:
      return [&](std::size_t i) { return ordered_json(tensor.as<std::int64_t>()[i]); };
    case tensor::DType::u8:
      return [&](std::size_t i) { return ordered_json(tensor.as<std::uint8_t>()[i]); };
    case tensor::DType::boolean:
      return [&](std::size_t i) { return ordered_json(tensor.as<std::uint8_t>()[i] != 0); };
    default:
      base::fail(base::ErrorKind::plugin,
                 "an output has the dtype " + std::string(tensor::name(tensor.dtype())) + ", which cannot be written");
  }
}

ordered_json audio_data(const value::Audio& audio) {
  if (!audio.path.empty()) return audio.path;
  const std::int64_t sizes[] = {static_cast<std::int64_t>(audio.frames()), audio.channels};
  std::size_t at = 0;
  return {{"rate_hz", audio.rate_hz},
          {"samples", nested(sizes, at, [&](std::size_t i) { return number(audio.samples[i]); })}};
}

ordered_json image_data(const value::Image& image) {
  if (!image.path.empty()) return image.path;
  const std::int64_t sizes[] = {image.height, image.width, image.channels};
  std::size_t at = 0;
  return {{"pixels", nested(sizes, at, [&](std::size_t i) { return ordered_json(image.pixels[i]); })}};
}

}  // namespace

std::string json_text(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

ordered_json value_data(const value::Value& value) {
  switch (value.kind()) {
    case value::Kind::text:
      return value.text();
    case value::Kind::tokens:
      return value.tokens().ids;
    case value::Kind::audio:
      return audio_data(value.audio());
    case value::Kind::image:
      return image_data(value.image());
    case value::Kind::tensor: {
      std::size_t at = 0;
      return nested(value.tensor().shape().sizes(), at, element_of(value.tensor()));
    }
    case value::Kind::list: {
      ordered_json out = ordered_json::array();
      for (const value::Ref& one : value.list()) out.push_back(value_data(*one));
      return out;
    }
    case value::Kind::table:
      break;
  }
  base::fail(base::ErrorKind::plugin, "an output is a " + value::describe(value) + ", which cannot be written");
}

}  // namespace motet::report
