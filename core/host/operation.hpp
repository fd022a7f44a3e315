// An operation that a plugin brings, as typed C++ calls: its shape rule, its cost, its reference for the cpu.
//
// What the plugin refuses is an Error(item) with its own words; where it breaks its contract an Error(plugin) that
// names the obligation. Any thread, several at once.
#pragma once

#include <motet/abi.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/call.hpp"  // what checks.hpp keeps
#include "host/checks.hpp"
#include "plugin/library.hpp"
#include "tensor/host_tensor.hpp"

namespace motet::host {

// One operand of a use; no type where it is absent. `data`: for compute only.
struct OperationOperand {
  const tensor::TensorType* type = nullptr;
  const std::byte* data = nullptr;
};

class Operation;

// One use of an operation with the tables that the plugin sees: calls of it allocate nothing, unless they are checked.
// The operation must outlive it; types and memory too while compute runs.
class OperationUse {
 public:
  OperationUse(const Operation& operation, std::span<const OperationOperand> inputs,
               std::span<const tensor::TensorType> outputs, std::vector<motet_attribute> attributes);

  // The types of the outputs.
  std::vector<tensor::TensorType> infer() const;
  // Rounds that one element of the output takes, 1 to kMostCost.
  std::int64_t cost(std::size_t output) const;
  // Elements [begin, end) of the output, to `to`, whose first is element `begin`.
  void compute(std::size_t output, std::int64_t begin, std::int64_t end, std::byte* to) const;

 private:
  void run(std::size_t output, std::int64_t begin, std::int64_t end, std::byte* to) const;
  void run_checked(std::size_t output, std::int64_t begin, std::int64_t end, std::byte* to) const;
  void check_numbers(std::size_t output, std::int64_t begin, std::int64_t end, const std::byte* made) const;

  const Operation& operation_;
  std::vector<motet_tensor_view> views_;  // of operands, then of outputs
  std::vector<const motet_tensor_view*> inputs_;
  std::vector<const motet_tensor_view*> outputs_;
  std::vector<motet_attribute> attributes_;
  motet_use table_{};
};

class Operation {
 public:
  // Longer loops stop some drivers' watchdogs, and others give up counting.
  static constexpr std::int64_t kMostCost = 30000;

  // `library` must have an operation of this id.
  Operation(std::shared_ptr<const plugin::Library> library, std::string_view id, Checking checking);
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  const plugin::OperationInfo& info() const { return *info_; }
  const char* glsl() const { return table_.glsl; }

 private:
  friend class OperationUse;
  [[noreturn]] void broken(int obligation, const std::string& message) const;
  template <class Body>
  void call(const motet_use& use, const char* function, Body&& body) const;

  std::shared_ptr<const plugin::Library> library_;  // shared: see Library
  const plugin::OperationInfo* info_;               // of the library
  motet_operation table_;
  std::string name_;  // "wave.fold/1 (wave)", for messages
  Checking checking_;
};

}  // namespace motet::host
