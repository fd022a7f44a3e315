#include "verify/values.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace motet::verify {
namespace {

using graph::Kind;
using value::Value;

constexpr std::array kWords = {"a",  "river", "Straße", "naïve", "漢字", "кошка",
                               "🎉", "42",    "x-ray,", "word.", "ש",    "e\u0301"};

tensor::HostTensor random_tensor(const graph::PortType& type, OpenSizes& sizes, Random& random) {
  tensor::Shape shape;
  for (const graph::DimPattern& dim : type.dims) {
    if (dim.size >= 0) {
      shape.push_back(dim.size);
    } else if (!dim.ellipsis) {
      shape.push_back(sizes.letters.try_emplace(dim.letter, random.between(sizes.least, sizes.most)).first->second);
    }
  }
  tensor::HostTensor out(type.dtype == tensor::DType::none ? tensor::DType::f32 : type.dtype, shape);
  switch (out.dtype()) {
    case tensor::DType::f32:
      for (float& one : out.as<float>()) one = random.number();
      break;
    case tensor::DType::i32:
      for (std::int32_t& one : out.as<std::int32_t>()) one = static_cast<std::int32_t>(random.between(0, 3));
      break;
    case tensor::DType::i64:
      for (std::int64_t& one : out.as<std::int64_t>()) one = random.between(0, 3);
      break;
    case tensor::DType::u8:
      for (std::uint8_t& one : out.as<std::uint8_t>()) one = static_cast<std::uint8_t>(random.between(0, 255));
      break;
    case tensor::DType::boolean:
      for (std::uint8_t& one : out.as<std::uint8_t>()) one = static_cast<std::uint8_t>(random.between(0, 1));
      break;
    default:  // halves: zeros are as good as any
      break;
  }
  return out;
}

value::Ref random_image(Random& random) {
  value::Image image;
  image.height = static_cast<std::uint32_t>(random.between(3, 23));
  image.width = static_cast<std::uint32_t>(random.between(3, 23));
  image.channels = 3;
  image.pixels.resize(std::size_t{image.height} * image.width * image.channels);
  for (std::uint8_t& pixel : image.pixels) pixel = static_cast<std::uint8_t>(random.between(0, 255));
  return value::make_image(std::move(image));
}

value::Ref random_audio(Random& random) {
  value::Audio audio;
  audio.channels = 1;
  audio.rate_hz = 16000;
  audio.samples.resize(static_cast<std::size_t>(random.between(4001, 8009)));
  for (float& sample : audio.samples) sample = random.number() / 4;
  return value::make_audio(std::move(audio));
}

value::Ref random_tokens(OpenSizes& sizes, Random& random) {
  value::Tokens tokens;
  tokens.ids.resize(static_cast<std::size_t>(random.between(sizes.least, sizes.most)));
  for (std::int32_t& id : tokens.ids) id = static_cast<std::int32_t>(random.between(0, 3));
  return value::make_tokens(std::move(tokens));
}

value::Ref random_one(const graph::PortType& type, OpenSizes& sizes, Random& random) {
  switch (type.kind) {
    case Kind::text:
      return value::make_text(
          random_text(static_cast<std::size_t>(random.between(sizes.least, 4 * sizes.most)), random));
    case Kind::image:
      return random_image(random);
    case Kind::audio:
      return random_audio(random);
    case Kind::tokens:
      return random_tokens(sizes, random);
    case Kind::tensor:
      return value::make_tensor(random_tensor(type, sizes, random));
    case Kind::table:
      break;  // no value of this kind exists yet
  }
  return {};
}

template <class T>
std::string differing(std::span<const T> a, std::span<const T> b, const char* what) {
  if (a.size() != b.size()) return std::to_string(a.size()) + " " + what + " and " + std::to_string(b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(a[i]) && std::isnan(b[i])) continue;
    }
    if (std::memcmp(&a[i], &b[i], sizeof(T)) != 0)
      return std::string(what) + " " + std::to_string(i) + " is " + std::to_string(a[i]) + " and " +
             std::to_string(b[i]);
  }
  return {};
}

template <class T>
std::string differing(const std::vector<T>& a, const std::vector<T>& b, const char* what) {
  return differing(std::span<const T>(a), std::span<const T>(b), what);
}

std::string tensors_differ(const tensor::HostTensor& a, const tensor::HostTensor& b) {
  if (!(a.type() == b.type())) return a.type().text() + " and " + b.type().text();
  if (a.dtype() == tensor::DType::f32) return differing(a.as<float>(), b.as<float>(), "element");
  if (a.dtype() == tensor::DType::i32) return differing(a.as<std::int32_t>(), b.as<std::int32_t>(), "element");
  return differing(a.as<std::uint8_t>(), b.as<std::uint8_t>(), "byte");
}

std::string first_of(std::initializer_list<std::string> all) {
  for (const std::string& one : all) {
    if (!one.empty()) return one;
  }
  return {};
}

std::string contents_differ(const Value& a, const Value& b) {
  switch (a.kind()) {
    case value::Kind::text:
      return differing(std::span<const char>(a.text()), std::span<const char>(b.text()), "byte");
    case value::Kind::image:
      return first_of({differing(a.image().pixels, b.image().pixels, "pixel"),
                       a.image().path == b.image().path ? "" : "another path",
                       a.image().width == b.image().width ? "" : "another width"});
    case value::Kind::audio:
      return first_of({differing(a.audio().samples, b.audio().samples, "sample"),
                       a.audio().path == b.audio().path ? "" : "another path",
                       a.audio().rate_hz == b.audio().rate_hz ? "" : "another rate"});
    case value::Kind::tokens:
      return first_of({differing(a.tokens().ids, b.tokens().ids, "id"),
                       differing(a.tokens().feature, b.tokens().feature, "feature"),
                       differing(a.tokens().type_ids, b.tokens().type_ids, "type id"),
                       differing(a.tokens().offsets, b.tokens().offsets, "offset")});
    case value::Kind::tensor:
      return tensors_differ(a.tensor(), b.tensor());
    case value::Kind::list:
      return difference(a.list(), b.list());
    case value::Kind::table:
      break;
  }
  return {};
}

}  // namespace

value::Ref random_value(const graph::PortType& type, OpenSizes& sizes, Random& random) {
  if (!type.list) return random_one(type, sizes, random);
  value::List items;
  for (std::int64_t i = random.between(1, 3); i > 0; --i) items.push_back(random_one(type, sizes, random));
  return value::make_list(std::move(items));
}

std::string random_text(std::size_t characters, Random& random) {
  std::string out;
  for (std::size_t at = 0; at < characters;) {
    const std::string_view word = kWords[static_cast<std::size_t>(random.between(0, kWords.size() - 1))];
    if (!out.empty()) out += ' ';
    out += word;
    at += word.size() + 1;
  }
  return out;
}

std::string difference(const Value& a, const Value& b) {
  return a.kind() == b.kind() ? contents_differ(a, b) : value::describe(a) + " and " + value::describe(b);
}

std::string difference(const std::vector<value::Ref>& a, const std::vector<value::Ref>& b) {
  if (a.size() != b.size()) return std::to_string(a.size()) + " values and " + std::to_string(b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (static_cast<bool>(a[i]) != static_cast<bool>(b[i])) return "value " + std::to_string(i) + " is there only once";
    if (!a[i]) continue;
    if (const std::string found = difference(*a[i], *b[i]); !found.empty())
      return a.size() == 1 ? found : "value " + std::to_string(i) + ": " + found;
  }
  return {};
}

std::string far_apart(const Value& a, const Value& b) {
  const bool floats = a.kind() == value::Kind::tensor && b.kind() == value::Kind::tensor &&
                      a.tensor().dtype() == tensor::DType::f32 && a.tensor().type() == b.tensor().type();
  if (!floats) return difference(a, b);
  const std::span<const float> x = a.tensor().as<float>(), y = b.tensor().as<float>();
  float largest = 0;
  for (const float one : x) largest = std::max(largest, std::fabs(one));
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) && std::isnan(y[i])) continue;
    // Roundings grow with what is summed.
    if (!(std::fabs(x[i] - y[i]) <= 1e-4F + 1e-3F * largest))
      return "element " + std::to_string(i) + " is " + std::to_string(x[i]) + " and " + std::to_string(y[i]);
  }
  return {};
}

}  // namespace motet::verify
