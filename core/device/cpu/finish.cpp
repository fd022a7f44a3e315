#include "device/cpu/finish.hpp"

#include <optional>

namespace motet::device::cpu {
namespace {

using Reach = plan::Epilogue::Reach;

std::optional<Finish> finish_of(const plan::Epilogue& epilogue, const Operand& operand, bool first) {
  const auto* data = reinterpret_cast<const float*>(operand.data);
  if (epilogue.operand == 0) {
    if (epilogue.fn == "gelu") return Finish{Finish::Kind::gelu};
    if (epilogue.fn == "silu") return Finish{Finish::Kind::silu};
    if (epilogue.fn == "relu") return Finish{Finish::Kind::relu};
    return std::nullopt;
  }
  if (epilogue.fn == "add" && epilogue.reach == Reach::last_dimension && first) return Finish{Finish::Kind::bias, data};
  if (epilogue.fn == "add" && epilogue.reach == Reach::same) return Finish{Finish::Kind::add, data};
  if (epilogue.fn == "mul" && epilogue.reach == Reach::same) return Finish{Finish::Kind::mul, data};
  return std::nullopt;
}

}  // namespace

std::vector<Finish> finishes(const Binding& binding, const float* bias) {
  std::vector<Finish> out;
  if (bias != nullptr) out.push_back({Finish::Kind::bias, bias});
  for (std::size_t i = 0; i < binding.step.epilogues.size(); ++i) {
    const std::optional<Finish> finish =
        finish_of(binding.step.epilogues[i], binding.epilogue_operands[i], out.empty());
    if (!finish) break;
    out.push_back(*finish);
  }
  return out;
}

}  // namespace motet::device::cpu
