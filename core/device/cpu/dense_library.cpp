#include "device/cpu/dense_library.hpp"

#include <string_view>

#include "device/cpu/gemm.hpp"

namespace motet::device::cpu::dense {
namespace {

void append_eltwise(dnnl::post_ops& to, dnnl::algorithm algorithm, float alpha) {
#if DNNL_VERSION_MAJOR >= 3
  to.append_eltwise(algorithm, alpha, 0.0f);
#else
  to.append_eltwise(1.0f, algorithm, alpha, 0.0f);
#endif
}

}  // namespace

const dnnl::engine& engine() {
  static const dnnl::engine instance(dnnl::engine::kind::cpu, 0);
  return instance;
}

dnnl::memory borrowed(const Desc& desc, const float* data) { return {desc, engine(), const_cast<float*>(data)}; }

bool has_bias(const std::vector<Finish>& finish) {
  return !finish.empty() && finish.front().kind == Finish::Kind::bias;
}

dnnl::primitive_attr attributes_of(const std::vector<Finish>& finish, const Desc& y) {
  dnnl::post_ops post_ops;
  for (const Finish& each : finish) {
    switch (each.kind) {
      case Finish::Kind::bias:
        break;
      case Finish::Kind::gelu:
        append_eltwise(post_ops, dnnl::algorithm::eltwise_gelu_erf, 0.0f);
        break;
      case Finish::Kind::silu:
        append_eltwise(post_ops, dnnl::algorithm::eltwise_swish, 1.0f);
        break;
      case Finish::Kind::relu:
        append_eltwise(post_ops, dnnl::algorithm::eltwise_relu, 0.0f);
        break;
      case Finish::Kind::add:
        post_ops.append_binary(dnnl::algorithm::binary_add, y);
        break;
      case Finish::Kind::mul:
        post_ops.append_binary(dnnl::algorithm::binary_mul, y);
        break;
    }
  }
  dnnl::primitive_attr out;
  out.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  out.set_post_ops(post_ops);
  return out;
}

bool gains_from_packing(const char* implementation) { return std::string_view(implementation).starts_with("brg"); }

std::int64_t rows_of_tile(std::int64_t rows, std::int64_t most) {
  const std::int64_t pairs = (rows + 2 * most - 1) / (2 * most);
  return (rows + 2 * pairs - 1) / (2 * pairs);
}

Lane::Lane(const Desc& source, const Desc& result, const Desc& scratch, const std::vector<Finish>& finish,
           const dnnl::memory& packed, const dnnl::memory& bias)
    : source_(borrowed(source, nullptr)), result_(borrowed(result, nullptr)), scratch_(scratch, engine()) {
  arguments_ = {{DNNL_ARG_SRC, source_.get()},
                {DNNL_ARG_WEIGHTS, packed.get()},
                {DNNL_ARG_DST, result_.get()},
                {DNNL_ARG_SCRATCHPAD, scratch_.get()}};
  if (has_bias(finish)) arguments_.push_back({DNNL_ARG_BIAS, bias.get()});
  int post_op = 0;
  for (const Finish& each : finish) {
    if (each.kind == Finish::Kind::bias) continue;
    if (each.operand != nullptr) {
      operands_.push_back({borrowed(result, nullptr), each.operand});
      arguments_.push_back({DNNL_ARG_ATTR_MULTIPLE_POST_OP(post_op) | DNNL_ARG_SRC_1, operands_.back().memory.get()});
    }
    ++post_op;
  }
}

bool Lane::run(const dnnl::primitive& primitive, const dnnl::stream& stream, const float* source, float* y,
               std::int64_t offset) {
  stay_on_this_thread();
  source_.set_data_handle(const_cast<float*>(source));
  result_.set_data_handle(y + offset);
  for (Operand& operand : operands_) operand.memory.set_data_handle(const_cast<float*>(operand.data + offset));
  return dnnl_primitive_execute(primitive.get(), stream.get(), static_cast<int>(arguments_.size()),
                                arguments_.data()) == dnnl_success;
}

}  // namespace motet::device::cpu::dense
