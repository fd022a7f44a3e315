#include "cli/differences.hpp"

#include <cmath>
#include <cstdio>

#include "tensor/blocks.hpp"

namespace motet::cli {
namespace {

constexpr std::size_t kMost = 10;

double element(const tensor::HostTensor& tensor, std::size_t i) {
  switch (tensor.dtype()) {
    case tensor::DType::f32:
      return tensor.as<float>()[i];
    case tensor::DType::f16:
      return tensor::from_f16(tensor.as<std::uint16_t>()[i]);
    case tensor::DType::bf16:
      return tensor::from_bf16(tensor.as<std::uint16_t>()[i]);
    case tensor::DType::i32:
      return tensor.as<std::int32_t>()[i];
    case tensor::DType::i64:
      return static_cast<double>(tensor.as<std::int64_t>()[i]);
    default:
      return tensor.as<std::uint8_t>()[i];
  }
}

std::string shown(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", number);
  return text;
}

std::string shown(const spec::Node& node) {
  if (node.is_scalar()) return "'" + node.text + "'";
  return node.is_list() ? "a list of " + std::to_string(node.items.size()) : std::string(kind_name(node.kind));
}

class Comparison {
 public:
  explicit Comparison(double tolerance) : tolerance_(tolerance) {}
  std::vector<std::string> take() {
    if (count_ > kMost) found_.push_back("and " + std::to_string(count_ - kMost) + " more");
    return std::move(found_);
  }

  void value(const spec::Node& wanted, const value::Value& got, const std::string& where) {
    switch (got.kind()) {
      case value::Kind::text:
        if (!wanted.is_scalar() || wanted.text != got.text()) differ(where, "'" + got.text() + "'", shown(wanted));
        return;
      case value::Kind::tokens:
        return list(wanted, got.tokens().ids.size(), where,
                    [&](const spec::Node& one, std::size_t i) { number(one, got.tokens().ids[i], at(where, i)); });
      case value::Kind::list:
        return list(wanted, got.list().size(), where,
                    [&](const spec::Node& one, std::size_t i) { value(one, *got.list()[i], at(where, i)); });
      case value::Kind::tensor: {
        std::size_t next = 0;
        return tensor(wanted, got.tensor(), 0, next, where);
      }
      default:
        return differ(where, value::describe(got) + ", which no test can describe", shown(wanted));
    }
  }

 private:
  static std::string at(const std::string& where, std::size_t i) { return where + "[" + std::to_string(i) + "]"; }
  void differ(const std::string& where, const std::string& got, const std::string& wanted) {
    if (++count_ <= kMost) found_.push_back(where + ": " + got + ", wanted " + wanted);
  }
  void number(const spec::Node& wanted, double got, const std::string& where) {
    std::optional<double> number = spec::as_float(wanted);
    // As --json writes what JSON has no numbers for.
    if (wanted.text == "NaN") number = NAN;
    if (wanted.text == "Infinity") number = INFINITY;
    if (wanted.text == "-Infinity") number = -INFINITY;
    if (const auto truth = spec::as_bool(wanted)) number = *truth ? 1 : 0;
    // 0.1 is the f32 next to it, as --json writes it.
    const bool same = number && (*number == got || static_cast<double>(static_cast<float>(*number)) == got ||
                                 (std::isnan(*number) && std::isnan(got)));
    if (same || (number && std::abs(*number - got) <= tolerance_)) return;
    const std::string within = tolerance_ > 0 ? ", or at most " + shown(tolerance_) + " from it" : "";
    differ(where, shown(got), number ? wanted.text + within : shown(wanted));
  }
  template <class Each>
  void list(const spec::Node& wanted, std::size_t count, const std::string& where, Each each) {
    if (!wanted.is_list() || wanted.items.size() != count)
      return differ(where, "a list of " + std::to_string(count), shown(wanted));
    for (std::size_t i = 0; i < count; ++i) each(wanted.items[i], i);
  }
  void tensor(const spec::Node& wanted, const tensor::HostTensor& got, int axis, std::size_t& next,
              const std::string& where) {
    if (axis == got.shape().rank()) return number(wanted, element(got, next++), where);
    list(wanted, static_cast<std::size_t>(got.shape()[axis]), where,
         [&](const spec::Node& one, std::size_t i) { tensor(one, got, axis + 1, next, at(where, i)); });
  }

  double tolerance_;
  std::size_t count_ = 0;
  std::vector<std::string> found_;  // the first kMost of them
};

}  // namespace

std::vector<std::string> differences(const spec::Expected& wanted, const value::Value& got) {
  Comparison comparison(wanted.tolerance);
  comparison.value(wanted.value, got, wanted.output.text);
  return comparison.take();
}

}  // namespace motet::cli
