#include "verify/check.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "plugin/obligation.hpp"

namespace motet::verify {

// One function a file of checks/.
#define X(family) std::span<const Check> family();
namespace families {
#include "verify/check_table.inc"
}
#undef X

std::span<const Check> checks() {
  static const std::vector<Check> all = [] {
    std::vector<Check> out;
#define X(family) \
  for (const Check& one : families::family()) out.push_back(one);
#include "verify/check_table.inc"
#undef X
    std::sort(out.begin(), out.end(), [](const Check& a, const Check& b) { return a.number < b.number; });
    return out;
  }();
  return all;
}

const Check* find_check(std::string_view text) {
  if (text.starts_with('C') || text.starts_with('c')) text.remove_prefix(1);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return nullptr;
  const auto found =
      std::find_if(checks().begin(), checks().end(), [&](const Check& one) { return one.number == number; });
  return found == checks().end() ? nullptr : &*found;
}

std::string check_name(int number) { return plugin::obligation_name(number); }

bool applies(On on, const plugin::StageTypeInfo& type) {
  switch (on) {
    case On::stage:
      return true;
    case On::host_stage:
      return type.is_host();
    case On::answering:
      return type.is_host() || type.is_tokenizer() || type.is_sampler();
    case On::tensor_stage:
      return type.is_tensor();
    case On::computing:
      return type.is_tensor() || type.is_generator();
    case On::generator:
      return type.is_generator();
    case On::tokenizer:
      return type.is_tokenizer();
    case On::sampler:
      return type.is_sampler();
    case On::library:
    case On::operation:
    case On::pipeline:
      return false;
  }
  return false;
}

std::string_view name(On on) {
  switch (on) {
    case On::library:
      return "the file";
    case On::stage:
      return "every stage type";
    case On::host_stage:
      return "host stages";
    case On::answering:
      return "host stages, tokenizers and samplers";
    case On::tensor_stage:
      return "tensor stages";
    case On::computing:
      return "tensor stages and generators";
    case On::generator:
      return "generators";
    case On::tokenizer:
      return "tokenizers";
    case On::sampler:
      return "samplers";
    case On::operation:
      return "operations";
    case On::pipeline:
      return "pipelines";
  }
  return "";
}

}  // namespace motet::verify
