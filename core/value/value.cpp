#include "value/value.hpp"

namespace motet::value {

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::text:
      return "text";
    case Kind::image:
      return "image";
    case Kind::audio:
      return "audio";
    case Kind::table:
      return "table";
    case Kind::tokens:
      return "tokens";
    case Kind::tensor:
      return "tensor";
    case Kind::list:
      return "list";
  }
  return "unknown";
}

Kind Value::kind() const {
  constexpr Kind kKinds[] = {Kind::text, Kind::image, Kind::audio, Kind::tokens, Kind::tensor, Kind::list};
  static_assert(std::size(kKinds) == std::variant_size_v<Content>);
  return kKinds[content_.index()];
}

namespace {
template <class T>
Ref make(T&& content) {
  return Ref::adopt(new Value(Value::Content(std::forward<T>(content))));
}
}  // namespace

Ref make_text(std::string text) { return make(std::move(text)); }

Ref make_image(Image image) {
  assert(image.pixels.size() == std::size_t{image.height} * image.width * image.channels);
  return make(std::move(image));
}

Ref make_image_file(std::string path) {
  Image image;
  image.path = std::move(path);
  return make(std::move(image));
}

Ref make_audio(Audio audio) {
  assert(audio.channels == 0 ? audio.samples.empty() : audio.samples.size() % audio.channels == 0);
  return make(std::move(audio));
}

Ref make_audio_file(std::string path) {
  Audio audio;
  audio.path = std::move(path);
  return make(std::move(audio));
}

Ref make_tokens(Tokens tokens) {
  const std::size_t count = tokens.ids.size();
  assert(tokens.feature.empty() || tokens.feature.size() == count);
  assert(tokens.type_ids.empty() || tokens.type_ids.size() == count);
  assert(tokens.offsets.empty() || tokens.offsets.size() == 2 * count);
  (void)count;
  return make(std::move(tokens));
}

Ref make_tensor(tensor::HostTensor tensor) { return make(std::move(tensor)); }
Ref make_list(List items) { return make(std::move(items)); }

std::string describe(const Value& value) {
  switch (value.kind()) {
    case Kind::tokens:
      return "tokens[" + std::to_string(value.tokens().ids.size()) + "]";
    case Kind::tensor:
      return value.tensor().type().text();
    case Kind::list:
      return "list of " + std::to_string(value.list().size());
    default:
      return std::string(name(value.kind()));
  }
}

}  // namespace motet::value
