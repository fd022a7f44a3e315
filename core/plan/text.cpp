#include <string_view>

#include "plan/plan.hpp"

namespace motet::plan {
namespace {

std::string_view region_name(Region region) {
  switch (region) {
    case Region::input:
      return "input";
    case Region::result:
      return "result";
    case Region::arena:
      return "arena";
    case Region::weight:
      return "weight";
    case Region::state:
      return "state";
    case Region::kept:
      return "kept";
    case Region::none:
      break;
  }
  return "-";
}

std::string operand_text(const Plan& plan, TensorId id) {
  if (id == 0) return "-";
  const Tensor& tensor = plan.tensors[id];
  switch (tensor.region) {
    case Region::weight:
    case Region::state:
    case Region::kept:
    case Region::input:
    case Region::result:
      return std::string(region_name(tensor.region)) + " " + tensor.name;
    default:
      return "@" + std::to_string(tensor.offset);
  }
}

std::string epilogue_text(const Plan& plan, const Epilogue& epilogue) {
  std::string out = " > " + epilogue.fn;
  if (epilogue.operand != 0) out += (epilogue.operand_first ? " <" : " ") + operand_text(plan, epilogue.operand);
  return out;
}

}  // namespace

std::string text(const Plan& plan) {
  std::string out = "plan " + plan.name + ": " + std::to_string(plan.steps.size()) + " steps, arena " +
                    std::to_string(plan.arena_bytes) + " B, input " + std::to_string(plan.input_bytes) + " B, result " +
                    std::to_string(plan.result_bytes) + " B\n";
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    std::string line = "  " + std::to_string(i) + "  " + std::string(step.op->name);
    for (std::size_t k = 0; k < step.inputs.size(); ++k) line += (k ? ", " : " ") + operand_text(plan, step.inputs[k]);
    bool first = true;
    for (const auto& [key, value] : step.attributes) {
      line += (first ? " {" : ", ") + key + " " + program::text(value);
      first = false;
    }
    if (!first) line += "}";
    for (const Epilogue& epilogue : step.epilogues) line += epilogue_text(plan, epilogue);
    for (std::size_t k = 0; k < step.outputs.size(); ++k) {
      line +=
          (k ? ", " : " -> ") + operand_text(plan, step.outputs[k]) + " " + plan.tensors[step.outputs[k]].type.text();
    }
    out += line + (step.scope.empty() ? "" : "  # " + step.scope) + "\n";
  }
  return out;
}

}  // namespace motet::plan
