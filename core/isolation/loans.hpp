// What the host lent to the process of an isolated stage, as that process sees it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "tensor/memory.hpp"

namespace motet::isolation {

// Tensors that the host lent, and which of them are no longer held here.
class Loans {
 public:
  // Room for its return is made now: then there may be none.
  void lent() {
    const std::lock_guard lock(mutex_);
    returned_.reserve(++held_);
  }
  void returned(std::uint64_t number) noexcept {
    const std::lock_guard lock(mutex_);
    returned_.push_back(number);
  }
  std::vector<std::uint64_t> take_returned() {
    const std::lock_guard lock(mutex_);
    std::vector<std::uint64_t> out = returned_;
    held_ -= out.size();
    returned_.clear();
    return out;
  }

 private:
  std::mutex mutex_;
  std::size_t held_ = 0;  // and returned ones that nobody took
  std::vector<std::uint64_t> returned_;
};

// One of them. Writing to it ends the process: values are immutable.
class Loan final : public tensor::Memory {
 public:
  // Shared: the tensor may be held, by a stage that keeps it, until the process ends.
  Loan(std::shared_ptr<Loans> loans, std::uint64_t number) : loans_(std::move(loans)), number_(number) {
    loans_->lent();
  }
  void give_back(std::byte*) noexcept override { loans_->returned(number_); }
  std::uint64_t number() const { return number_; }

 private:
  std::shared_ptr<Loans> loans_;
  std::uint64_t number_;
};

}  // namespace motet::isolation
