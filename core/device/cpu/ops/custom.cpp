#include "program/custom.hpp"

#include <limits>
#include <mutex>
#include <new>
#include <optional>

#include "base/error.hpp"
#include "device/cpu/kernel.hpp"

namespace motet::device::cpu::ops {
namespace {

// A task is a range of an output's elements, with about as many rounds of the reference's loops in each.
class Custom final : public Kernel {
 public:
  explicit Custom(Binding& binding) {
    const program::Custom& custom = *binding.step.op->custom;
    std::vector<const TensorType*> types;
    std::vector<program::CustomInput> inputs;
    for (const Operand& input : binding.inputs) {
      types.push_back(input.type);
      inputs.push_back({input.type, input.data});
    }
    std::vector<TensorType> outputs;
    for (const Operand& output : binding.outputs) outputs.push_back(*output.type);
    const std::vector<std::int64_t> costs = custom.costs({types, binding.attributes()}, outputs);
    use_ = custom.use(inputs, outputs, binding.attributes());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      outputs_.push_back({binding.outputs[i].data, outputs[i].shape.elements(), row_grain(costs[i]),
                          tensor::size_bytes(outputs[i].dtype, 1)});
    }
  }

  void run(const Run& context) override {
    std::mutex mutex;
    std::optional<base::Error> failure;  // that of the first range, whoever comes first
    std::int64_t failed_at = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i < outputs_.size() && !failure; ++i) {
      const Output& output = outputs_[i];
      const auto note = [&](std::int64_t begin, const base::Error& error) {
        const std::lock_guard lock(mutex);
        if (begin > failed_at) return;
        failed_at = begin;
        failure = error;
      };
      // The pool's tasks throw nothing.
      parallel_pieces(context.pool, output.elements, output.grain, [&](std::int64_t begin, std::int64_t end, int) {
        try {
          use_->compute(i, begin, end, output.data + static_cast<std::size_t>(begin) * output.element_bytes);
        } catch (const base::Error& error) {
          note(begin, error);
        } catch (const std::bad_alloc&) {
          note(begin, base::Error(base::ErrorKind::environment, "there is not enough memory"));
        }
      });
    }
    if (failure) throw base::Error(*failure);
  }

 private:
  struct Output {
    std::byte* data;
    std::int64_t elements;
    std::int64_t grain;
    std::size_t element_bytes;
  };
  std::unique_ptr<program::CustomUse> use_;
  std::vector<Output> outputs_;
};

std::unique_ptr<Kernel> bind(Binding& binding) { return std::make_unique<Custom>(binding); }

}  // namespace

extern const KernelDef custom;
const KernelDef custom{bind};
}  // namespace motet::device::cpu::ops
