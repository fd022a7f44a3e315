// The host's functions that read and make values.
#include <cassert>

#include "base/utf8.hpp"
#include "host/table.hpp"
#include "value/value.hpp"

namespace motet::host {
namespace {

using value::Kind;
using value::Value;

const Value& of(const motet_value* value) { return *static_cast<const Value*>(value); }

template <class T>
const T* data_or_null(const std::vector<T>& list) {
  return list.empty() ? nullptr : list.data();
}
const char* path_or_null(const std::string& path) { return path.empty() ? nullptr : path.c_str(); }

void view_tensor(const tensor::HostTensor& tensor, void* view) {
  motet_tensor_view out{};
  out.dtype = static_cast<motet_dtype>(tensor.dtype());
  out.rank = static_cast<uint32_t>(tensor.shape().rank());
  std::copy(tensor.shape().begin(), tensor.shape().end(), out.sizes);
  out.data = tensor.data();
  out.size_bytes = tensor.size_bytes();
  write_sized(out, view);
}

void view_of(const Value& from, void* view) {
  switch (from.kind()) {
    case Kind::text:
      return write_sized(motet_text_view{0, from.text().data(), from.text().size()}, view);
    case Kind::image: {
      const value::Image& image = from.image();
      return write_sized(motet_image_view{0, data_or_null(image.pixels), image.height, image.width, image.channels, 0,
                                          path_or_null(image.path)},
                         view);
    }
    case Kind::audio: {
      const value::Audio& audio = from.audio();
      return write_sized(motet_audio_view{0, data_or_null(audio.samples), audio.frames(), audio.channels, audio.rate_hz,
                                          path_or_null(audio.path)},
                         view);
    }
    case Kind::tokens: {
      const value::Tokens& tokens = from.tokens();
      return write_sized(motet_tokens_view{0, tokens.ids.data(), tokens.ids.size(), data_or_null(tokens.feature),
                                           data_or_null(tokens.type_ids), data_or_null(tokens.offsets)},
                         view);
    }
    case Kind::tensor:
      return view_tensor(from.tensor(), view);
    case Kind::table:
    case Kind::list:
      break;  // a list has functions of its own
  }
}

motet_value_kind value_kind(const motet_value* value) noexcept {
  return value == nullptr ? 0 : static_cast<motet_value_kind>(of(value).kind());
}

motet_status value_view(motet_call* call, const motet_value* value, motet_value_kind kind, void* view) noexcept {
  return host_function(call, "value_view", [&](Call& c) -> motet_status {
    if (value == nullptr || view == nullptr) return failed(c, MOTET_INTERNAL, "value_view wants a value and a view");
    if (value_kind(value) != kind || kind == MOTET_VALUE_LIST) {
      return failed(c, MOTET_INVALID_ITEM,
                    "a value of the kind " + std::string(value::name(static_cast<Kind>(kind))) +
                        " is wanted, this is " + value::describe(of(value)));
    }
    view_of(of(value), view);
    return MOTET_OK;
  });
}

[[noreturn]] void refuse(const std::string& message) { base::fail(base::ErrorKind::item, message); }

void expect_data(const void* data, std::size_t count, const char* what) {
  if (data == nullptr && count > 0) refuse(std::string(what) + " is NULL");
}

template <class T>
std::vector<T> copy(const T* data, std::size_t count, const char* what) {
  expect_data(data, count, what);
  return count == 0 ? std::vector<T>() : std::vector<T>(data, data + count);
}

std::string checked_text(std::string text) {
  if (const auto bad = base::first_bad_utf8(text)) refuse("the text is not UTF-8: byte " + std::to_string(*bad));
  return text;
}

value::Ref new_text(const motet_text_view& view) {
  expect_data(view.data, view.size_bytes, "the text");
  return value::make_text(checked_text(view.size_bytes == 0 ? std::string() : std::string(view.data, view.size_bytes)));
}

value::Ref new_image(const motet_image_view& view) {
  if (view.pixels == nullptr && view.path != nullptr) return value::make_image_file(checked_text(view.path));
  const std::uint64_t places = std::uint64_t{view.height} * view.width;
  if (view.channels > 0 && places > (std::uint64_t{1} << 40) / view.channels) refuse("the image is too large");
  const std::uint64_t pixels = places * view.channels;
  value::Image image;
  image.pixels = copy(view.pixels, static_cast<std::size_t>(pixels), "pixels");
  image.height = view.height;
  image.width = view.width;
  image.channels = view.channels;
  return value::make_image(std::move(image));
}

value::Ref new_audio(const motet_audio_view& view) {
  if (view.samples == nullptr && view.path != nullptr) return value::make_audio_file(checked_text(view.path));
  if (view.frames > 0 && (view.channels == 0 || view.frames > (std::uint64_t{1} << 40) / view.channels))
    refuse("the audio's frames and channels make no sense");
  value::Audio audio;
  audio.samples = copy(view.samples, static_cast<std::size_t>(view.frames) * view.channels, "samples");
  audio.channels = view.channels;
  audio.rate_hz = view.rate_hz;
  return value::make_audio(std::move(audio));
}

value::Ref new_tokens(const motet_tokens_view& view) {
  value::Tokens tokens;
  tokens.ids = copy(view.ids, view.count, "ids");
  if (view.feature != nullptr) tokens.feature = copy(view.feature, view.count, "feature");
  if (view.type_ids != nullptr) tokens.type_ids = copy(view.type_ids, view.count, "type_ids");
  if (view.offsets != nullptr) tokens.offsets = copy(view.offsets, 2 * view.count, "offsets");
  return value::make_tokens(std::move(tokens));
}

tensor::HostTensor new_host_tensor(const Call& call, motet_dtype dtype, uint32_t rank, const int64_t* sizes) {
  const auto type = static_cast<tensor::DType>(dtype);
  const tensor::DTypeInfo& about = tensor::info(type);
  if (about.dtype != type || type == tensor::DType::none || about.block_elements != 1)
    refuse("a tensor value has a plain element type, not " + std::to_string(dtype));
  if (rank > MOTET_MAX_RANK || (sizes == nullptr && rank > 0))
    refuse("a tensor has at most " + std::to_string(MOTET_MAX_RANK) + " dimensions");
  tensor::Shape shape;
  std::uint64_t bytes = about.block_bytes;
  for (uint32_t i = 0; i < rank; ++i) {
    if (sizes[i] < 0) refuse("a tensor's size is " + std::to_string(sizes[i]));
    if (sizes[i] > 0 && bytes > (std::uint64_t{1} << 46) / static_cast<std::uint64_t>(sizes[i]))
      refuse("the tensor is too large");
    bytes *= static_cast<std::uint64_t>(sizes[i]);
    shape.push_back(sizes[i]);
  }
  if (call.allocator() != nullptr) return call.allocator()->allocate({type, shape});
  return {type, shape};
}

value::Ref new_tensor(const Call& call, const motet_tensor_view& view) {
  tensor::HostTensor tensor = new_host_tensor(call, view.dtype, view.rank, view.sizes);
  if (view.size_bytes != tensor.size_bytes())
    refuse("the tensor's " + std::to_string(view.size_bytes) + " bytes do not fit " + tensor.type().text());
  expect_data(view.data, view.size_bytes, "data");
  if (view.size_bytes > 0) std::memcpy(tensor.data(), view.data, view.size_bytes);
  return value::make_tensor(std::move(tensor));
}

value::Ref make(const Call& call, motet_value_kind kind, const void* view) {
  switch (kind) {
    case MOTET_VALUE_TEXT:
      return new_text(read_sized<motet_text_view>(view));
    case MOTET_VALUE_IMAGE:
      return new_image(read_sized<motet_image_view>(view));
    case MOTET_VALUE_AUDIO:
      return new_audio(read_sized<motet_audio_view>(view));
    case MOTET_VALUE_TOKENS:
      return new_tokens(read_sized<motet_tokens_view>(view));
    case MOTET_VALUE_TENSOR:
      return new_tensor(call, read_sized<motet_tensor_view>(view));
    default:
      refuse("value_new makes no value of the kind " + std::string(value::name(static_cast<Kind>(kind))));
  }
}

motet_value* give(value::Ref value) { return const_cast<Value*>(value.release()); }

motet_status value_new(motet_call* call, motet_value_kind kind, const void* view, motet_value** out) noexcept {
  return host_function(call, "value_new", [&](Call& c) -> motet_status {
    if (view == nullptr || out == nullptr)
      return failed(c, MOTET_INTERNAL, "value_new wants a view and a place for the value");
    *out = give(make(c, kind, view));
    return MOTET_OK;
  });
}

motet_status tensor_new(motet_call* call, motet_dtype dtype, uint32_t rank, const int64_t* sizes, void** data,
                        motet_value** out) noexcept {
  return host_function(call, "tensor_new", [&](Call& c) -> motet_status {
    if (data == nullptr || out == nullptr)
      return failed(c, MOTET_INTERNAL, "tensor_new wants places for the data and the value");
    Value* made = const_cast<Value*>(value::make_tensor(new_host_tensor(c, dtype, rank, sizes)).release());
    *data = made->writable_tensor_data();
    *out = made;
    return MOTET_OK;
  });
}

motet_status list_new(motet_call* call, motet_value* const* items, size_t count, motet_value** out) noexcept {
  return host_function(call, "list_new", [&](Call& c) -> motet_status {
    if (out == nullptr || (items == nullptr && count > 0))
      return failed(c, MOTET_INTERNAL, "list_new wants items and a place for the value");
    value::List list;
    list.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      if (items[i] == nullptr) return failed(c, MOTET_INTERNAL, "item " + std::to_string(i) + " of a list is NULL");
      list.push_back(value::Ref::share(&of(items[i])));
    }
    *out = give(value::make_list(std::move(list)));
    return MOTET_OK;
  });
}

size_t list_size(const motet_value* list) noexcept {
  return list == nullptr || of(list).kind() != Kind::list ? 0 : of(list).list().size();
}

const motet_value* list_at(const motet_value* list, size_t index) noexcept {
  return index < list_size(list) ? of(list).list()[index].get() : nullptr;
}

motet_value* value_retain(const motet_value* value) noexcept {
  if (value != nullptr) of(value).retain();
  return const_cast<motet_value*>(value);
}

void value_release(motet_value* value) noexcept {
  if (value != nullptr) of(value).release();
}

}  // namespace

void add_value_functions(motet_host& table) {
  table.value_kind = value_kind;
  table.value_view = value_view;
  table.value_new = value_new;
  table.tensor_new = tensor_new;
  table.list_new = list_new;
  table.list_size = list_size;
  table.list_at = list_at;
  table.value_retain = value_retain;
  table.value_release = value_release;
}

}  // namespace motet::host
