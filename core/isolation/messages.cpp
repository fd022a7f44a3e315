#include "isolation/messages.hpp"

#include <utility>

namespace motet::isolation {

void put_optional(Writer& to, const char* text) {
  to.put(text != nullptr);
  if (text != nullptr) to.put(text);
}

std::optional<std::string> get_optional(Reader& from) {
  if (!from.flag()) return std::nullopt;
  return from.text();
}

void put_shape(Writer& to, const tensor::SymbolicShape& shape) {
  to.put<std::uint64_t>(shape.size());
  for (const tensor::Dim& dim : shape) {
    to.put(dim.size);
    to.put(dim.symbol);
  }
}

tensor::SymbolicShape get_shape(Reader& from) {
  const auto rank = from.get<std::uint64_t>();
  if (rank > tensor::kMaxRank) Reader::nonsense();
  tensor::SymbolicShape out(rank);
  for (tensor::Dim& dim : out) {
    dim.size = from.get<std::int64_t>();
    dim.symbol = from.get<std::uint32_t>();
  }
  return out;
}

void put_spec(Writer& to, const host::TensorSpec& spec) {
  to.put(spec.dtype);
  put_shape(to, spec.shape);
}

host::TensorSpec get_spec(Reader& from) {
  host::TensorSpec out;
  out.dtype = from.get<tensor::DType>();
  out.shape = get_shape(from);
  if (tensor::info(out.dtype).dtype != out.dtype) Reader::nonsense();
  return out;
}

namespace {

enum class ParamTag : std::uint32_t { absent, boolean, integer, number, text, texts };

struct PutParam {
  Writer& to;
  void operator()(std::monostate) const { put_choice(to, ParamTag::absent); }
  void operator()(bool value) const { put(ParamTag::boolean, value); }
  void operator()(std::int64_t value) const { put(ParamTag::integer, value); }
  void operator()(double value) const { put(ParamTag::number, value); }
  void operator()(const std::string& value) const { put(ParamTag::text, value); }
  void operator()(const std::vector<std::string>& value) const {
    put(ParamTag::texts, std::uint64_t{value.size()});
    for (const std::string& one : value) to.put(one);
  }
  template <class T>
  void put(ParamTag tag, const T& value) const {
    put_choice(to, tag);
    to.put(value);
  }
};

}  // namespace

void put_param(Writer& to, const host::ParamValue& param) {
  to.put(param.name);
  to.put(param.kind);
  std::visit(PutParam{to}, param.value);
}

host::ParamValue get_param(Reader& from) {
  host::ParamValue out;
  out.name = from.text();
  out.kind = from.get<motet_param_kind>();
  switch (from.choice(ParamTag::texts)) {
    case ParamTag::absent:
      break;
    case ParamTag::boolean:
      out.value = from.flag();
      break;
    case ParamTag::integer:
      out.value = from.get<std::int64_t>();
      break;
    case ParamTag::number:
      out.value = from.get<double>();
      break;
    case ParamTag::text:
      out.value = from.text();
      break;
    case ParamTag::texts: {
      std::vector<std::string> texts(from.count());
      for (std::string& one : texts) one = from.text();
      out.value = std::move(texts);
      break;
    }
  }
  return out;
}

void put_error(Writer& to, const base::Error& error) {
  const auto* of_stage = dynamic_cast<const host::StageError*>(&error);
  to.put(of_stage != nullptr);
  put_choice(to, error.kind());
  if (of_stage == nullptr) {
    to.put(std::string_view(error.what()));
    to.put(error.help());
    return;
  }
  to.put(of_stage->status());
  to.put(std::int32_t{of_stage->obligation()});
  to.put(of_stage->path());
  to.put(of_stage->message());
}

void throw_error(Reader& from, const std::string& stage, const std::string& type) {
  const bool of_stage = from.flag();
  const auto kind = from.choice(base::ErrorKind::cancelled);
  if (!of_stage) {
    const std::string message = from.text();
    base::fail(kind, message, from.text());
  }
  const auto status = from.get<motet_status>();
  const auto obligation = from.get<std::int32_t>();
  const std::string path = from.text();
  std::string message = from.text();
  if (obligation != 0) {
    const std::size_t number_ends = message.find("] ");
    if (number_ends != std::string::npos) message.erase(0, number_ends + 2);
    throw host::StageError::broken(stage, type, obligation, std::move(message));
  }
  // Of the phases two read a status differently, so that the kind tells which it was.
  const auto phase =
      kind == host::error_kind(status, host::Phase::process) ? host::Phase::process : host::Phase::create;
  throw host::StageError(stage, type, phase, {status, path, std::move(message)});
}

}  // namespace motet::isolation
