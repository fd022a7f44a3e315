// The operation that is tried, outside of any pipeline: uses of it that it takes, computed on any device.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "device/device.hpp"
#include "plugin/operation_info.hpp"
#include "program/custom.hpp"
#include "tensor/host_tensor.hpp"
#include "verify/random.hpp"

namespace motet::verify {

// One use: operands and attributes that the operation takes, and what its shape rule answers.
struct OperationCase {
  std::vector<tensor::HostTensor> operands;  // without type: absent
  program::Attributes attributes;            // complete
  std::vector<tensor::TensorType> outputs;
  std::string text;  // "x f32[3, 7], hop 2"
};

// What the operands' elements are. Of equal ones a spread is 0, which random ones never show.
enum class Elements { random, equal };

class Operation {
 public:
  // Throws Error(plugin) where the library cannot be loaded.
  Operation(const std::filesystem::path& library, const std::string& id);

  const program::Custom& custom() const { return *def_->custom; }
  // Small ones: several ranks, sizes none, one and prime, attributes at their defaults and elsewhere. What the
  // operation refuses is left out. Throws Error(plugin) where its shape rule or cost break theirs, and Skipped where it
  // takes none.
  std::vector<OperationCase> cases(Random& random, Elements elements) const;
  // What infer and cost say of large operands, which nobody makes. Throws as cases() does.
  void ask_of_large(Random& random) const;

  // The reference on the case's operands, in place. The case must outlive it.
  std::unique_ptr<program::CustomUse> use(const OperationCase& one) const;
  // The outputs as a device computes them. Throws base::Error.
  std::vector<tensor::HostTensor> run(const OperationCase& one, device::Device& device) const;

 private:
  // False where the operation refuses them.
  bool infer(const std::vector<tensor::TensorType>& operands, OperationCase& out) const;
  program::Attributes attributes(Random& random, bool defaults) const;
  std::vector<tensor::TensorType> operands(const tensor::Shape& first, Random& random) const;

  std::string id_;
  std::shared_ptr<const program::OpDef> def_;  // shared: programs that name it keep it
  plugin::OperationInfo info_;
};

}  // namespace motet::verify
