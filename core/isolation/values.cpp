// Values as messages. Tensors stay where they lie; everything else is copied, being small beside them or about to be.
#include <algorithm>

#include "base/utf8.hpp"
#include "isolation/messages.hpp"

namespace motet::isolation {
namespace {

using value::Kind;

constexpr std::uint32_t kNothing = 0;  // no kind has this number
constexpr int kDeepest = 256;          // lists in lists

template <class T>
void put_all(Writer& to, const std::vector<T>& items) {
  to.array(std::span<const T>(items));
}

void put_tensor(Writer& to, const value::Value& value, const PutTensor& tensor) {
  const tensor::TensorType& type = value.tensor().type();
  to.put(type.dtype);
  to.array(type.shape.sizes());
  to.put(tensor(value));
}

value::Ref get_tensor(Reader& from, const GetTensor& tensor) {
  const auto dtype = from.get<tensor::DType>();
  const std::vector<std::int64_t> sizes = from.array<std::int64_t>();
  const auto bytes = from.get<TensorBytes>();
  const tensor::DTypeInfo& about = tensor::info(dtype);
  if (about.dtype != dtype || dtype == tensor::DType::none || sizes.size() > tensor::kMaxRank) Reader::nonsense();
  std::uint64_t expected = about.block_bytes;
  for (std::int64_t size : sizes) {
    if (size < 0 || (size > 0 && expected > UINT64_MAX / static_cast<std::uint64_t>(size))) Reader::nonsense();
    expected *= static_cast<std::uint64_t>(size);
  }
  if (about.block_elements != 1 || expected != bytes.place.size_bytes) Reader::nonsense();
  return tensor(bytes, {dtype, tensor::Shape(sizes)});
}

std::string checked_text(std::string text) {
  if (base::first_bad_utf8(text)) Reader::nonsense();
  return text;
}

value::Ref get_image(Reader& from) {
  value::Image image;
  image.height = from.get<std::uint32_t>();
  image.width = from.get<std::uint32_t>();
  image.channels = from.get<std::uint32_t>();
  image.path = from.text();
  image.pixels = from.array<std::uint8_t>();
  if (!image.path.empty()) return value::make_image_file(checked_text(std::move(image.path)));
  const auto places = std::uint64_t{image.height} * image.width;
  const bool fits = image.channels == 0
                        ? image.pixels.empty()
                        : image.pixels.size() % image.channels == 0 && image.pixels.size() / image.channels == places;
  if (!fits) Reader::nonsense();
  return value::make_image(std::move(image));
}

value::Ref get_audio(Reader& from) {
  value::Audio audio;
  audio.channels = from.get<std::uint32_t>();
  audio.rate_hz = from.get<std::uint32_t>();
  audio.path = from.text();
  audio.samples = from.array<float>();
  if (!audio.path.empty()) return value::make_audio_file(checked_text(std::move(audio.path)));
  if (audio.channels == 0 ? !audio.samples.empty() : audio.samples.size() % audio.channels != 0) Reader::nonsense();
  return value::make_audio(std::move(audio));
}

value::Ref get_tokens(Reader& from) {
  value::Tokens tokens;
  tokens.ids = from.array<std::int32_t>();
  tokens.feature = from.array<std::int32_t>();
  tokens.type_ids = from.array<std::int32_t>();
  tokens.offsets = from.array<std::uint32_t>();
  const auto fits = [&](std::size_t size, std::size_t each) { return size == 0 || size == each * tokens.ids.size(); };
  if (!fits(tokens.feature.size(), 1) || !fits(tokens.type_ids.size(), 1) || !fits(tokens.offsets.size(), 2))
    Reader::nonsense();
  return value::make_tokens(std::move(tokens));
}

value::Ref get(Reader& from, const GetTensor& tensor, int deep) {
  const auto kind = from.get<std::uint32_t>();
  if (kind == kNothing) return {};
  switch (static_cast<Kind>(kind)) {
    case Kind::text:
      return value::make_text(checked_text(from.text()));
    case Kind::image:
      return get_image(from);
    case Kind::audio:
      return get_audio(from);
    case Kind::tokens:
      return get_tokens(from);
    case Kind::tensor:
      return get_tensor(from, tensor);
    case Kind::list: {
      if (deep == kDeepest) break;
      value::List list(from.count());
      for (value::Ref& one : list) {
        one = get(from, tensor, deep + 1);
        if (!one) Reader::nonsense();
      }
      return value::make_list(std::move(list));
    }
    case Kind::table:
      break;  // there are none yet
  }
  Reader::nonsense();
}

void put(Writer& to, const value::Value* value, const PutTensor& tensor, int deep) {
  if (value == nullptr) return to.put(kNothing);
  put_choice(to, value->kind());
  switch (value->kind()) {
    case Kind::text:
      return to.put(value->text());
    case Kind::image: {
      const value::Image& image = value->image();
      to.put(image.height);
      to.put(image.width);
      to.put(image.channels);
      to.put(image.path);
      return put_all(to, image.pixels);
    }
    case Kind::audio: {
      const value::Audio& audio = value->audio();
      to.put(audio.channels);
      to.put(audio.rate_hz);
      to.put(audio.path);
      return put_all(to, audio.samples);
    }
    case Kind::tokens: {
      const value::Tokens& tokens = value->tokens();
      put_all(to, tokens.ids);
      put_all(to, tokens.feature);
      put_all(to, tokens.type_ids);
      return put_all(to, tokens.offsets);
    }
    case Kind::tensor:
      return put_tensor(to, *value, tensor);
    case Kind::list:
      if (deep == kDeepest)
        base::fail(base::ErrorKind::item, "lists lie in each other more than " + std::to_string(kDeepest) + " deep");
      to.put(std::uint64_t{value->list().size()});
      for (const value::Ref& one : value->list()) put(to, one.get(), tensor, deep + 1);
      return;
    case Kind::table:
      return;  // there are none yet
  }
}

}  // namespace

void put_value(Writer& to, const value::Value* value, const PutTensor& tensor) { put(to, value, tensor, 0); }
value::Ref get_value(Reader& from, const GetTensor& tensor) { return get(from, tensor, 0); }

}  // namespace motet::isolation
