// A builder that writes down what a plugin asks of it, one line a call, and counts tensors from 100.
#pragma once

#include <motet/abi.h>

#include <string>
#include <vector>

namespace motet::test {

class RecordingBuilder {
 public:
  RecordingBuilder();
  motet_builder* get() { return &table_.base; }
  const std::vector<std::string>& lines() const { return lines_; }
  bool has(const std::string& line) const;
  std::string text() const;

 private:
  struct Table {
    motet_builder base;
    RecordingBuilder* self;
  };
  static RecordingBuilder& of(motet_builder* builder) { return *reinterpret_cast<Table*>(builder)->self; }
  static motet_tensor emit(motet_builder* builder, const char* op, const motet_tensor* in, uint32_t n_in,
                           const motet_attribute* attributes, uint32_t n_attributes, motet_tensor* out, uint32_t n_out);
  motet_tensor next(const std::string& line);

  Table table_{};
  std::vector<std::string> lines_;
  motet_tensor next_ = 100;
};

}  // namespace motet::test
