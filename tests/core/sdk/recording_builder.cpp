#include "core/sdk/recording_builder.hpp"

#include <algorithm>

namespace motet::test {
namespace {

std::string list(const motet_tensor* in, uint32_t count) {
  std::string out = "(";
  for (uint32_t i = 0; i < count; ++i) out += (i ? " " : "") + std::to_string(in[i]);
  return out + ")";
}

std::string attribute_text(const motet_attribute& a) {
  std::string out = std::string(" ") + a.key + "=";
  switch (a.kind) {
    case MOTET_ATTRIBUTE_INTEGER:
      return out + std::to_string(a.integer);
    case MOTET_ATTRIBUTE_NUMBER:
      return out + std::to_string(a.number);
    case MOTET_ATTRIBUTE_STRING:
      return out + a.string;
    default:
      for (uint32_t i = 0; i < a.count; ++i) out += (i ? "," : "") + std::to_string(a.integers[i]);
      return out;
  }
}

}  // namespace

motet_tensor RecordingBuilder::next(const std::string& line) {
  lines_.push_back(std::to_string(next_) + " " + line);
  return next_++;
}

motet_tensor RecordingBuilder::emit(motet_builder* builder, const char* op, const motet_tensor* in, uint32_t n_in,
                                    const motet_attribute* attributes, uint32_t n_attributes, motet_tensor* out,
                                    uint32_t n_out) {
  std::string line = op + list(in, n_in);
  for (uint32_t i = 0; i < n_attributes; ++i) line += attribute_text(attributes[i]);
  const motet_tensor first = of(builder).next(line);
  of(builder).next_ = first + std::max(n_out, 1u);
  for (uint32_t i = 0; i < n_out; ++i) out[i] = first + i;
  return first;
}

RecordingBuilder::RecordingBuilder() {
  table_.self = this;
  motet_builder& t = table_.base;
  t.struct_size = sizeof t;
  t.emit = emit;
  t.spec_of = [](motet_builder*, motet_tensor, motet_tensor_spec*) -> motet_status { return MOTET_INTERNAL; };
  t.has_op = [](motet_builder*, const char*) { return 1; };
  t.weight = [](motet_builder* b, const char* name) { return of(b).next(std::string("weight ") + name); };
  t.state = [](motet_builder* b, const char* name, motet_state_kind kind, const int64_t* sizes, uint32_t rank) {
    std::string line = std::string("state ") + name + " " + std::to_string(kind);
    for (uint32_t i = 0; i < rank; ++i) line += " " + std::to_string(sizes[i]);
    return of(b).next(line);
  };
  t.row = [](motet_builder* b) { return of(b).next("row"); };
  t.length_of = [](motet_builder*, motet_tensor) { return motet_tensor{0}; };
  t.slot_filled = [](motet_builder*, const char*) { return 1; };
  t.slot_build = [](motet_builder* b, const char* slot, uint32_t index, const motet_tensor* in, uint32_t n_in,
                    motet_tensor* out, uint32_t) -> motet_status {
    out[0] = of(b).next(std::string("slot ") + slot + "." + std::to_string(index) + list(in, n_in));
    return MOTET_OK;
  };
  t.enter_scope = [](motet_builder* b, const char* name) { of(b).lines_.push_back(std::string("enter ") + name); };
  t.leave_scope = [](motet_builder* b) { of(b).lines_.emplace_back("leave"); };
  t.fail = [](motet_builder* b, const char* message) { of(b).lines_.push_back(std::string("fail ") + message); };
}

bool RecordingBuilder::has(const std::string& line) const {
  return std::find(lines_.begin(), lines_.end(), line) != lines_.end();
}

std::string RecordingBuilder::text() const {
  std::string out;
  for (const std::string& line : lines_) out += line + "\n";
  return out;
}

}  // namespace motet::test
