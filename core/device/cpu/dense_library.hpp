// What the callers of the dense library's primitives share. Only they include this: its header is heavy.
#pragma once

#include <oneapi/dnnl/dnnl.hpp>
#include <vector>

#include "device/cpu/finish.hpp"

namespace motet::device::cpu::dense {

using Desc = dnnl::memory::desc;
using Tag = dnnl::memory::format_tag;
constexpr auto kF32 = dnnl::memory::data_type::f32;

const dnnl::engine& engine();

// Memory of somebody else's; nullptr: given later by set_data_handle.
dnnl::memory borrowed(const Desc& desc, const float* data);

bool has_bias(const std::vector<Finish>& finish);
// Scratch memory by the caller, and what finishes a result of the form `y`. A bias is an argument, not part of it.
dnnl::primitive_attr attributes_of(const std::vector<Finish>& finish, const Desc& y);

// Its other kernels take operands as they lie, which gemm() does with less ado.
bool gains_from_packing(const char* implementation);

// An even number of tiles of nearly equal size, at most `most`: tall enough for the packed operand to be read seldom,
// not so tall that two cores wait.
std::int64_t rows_of_tile(std::int64_t rows, std::int64_t most);

// What one worker needs for calls of one primitive, so that a call makes nothing.
class Lane {
 public:
  template <class Description>
  Lane(const Description& described, const std::vector<Finish>& finish, const dnnl::memory& packed,
       const dnnl::memory& bias)
      : Lane(described.src_desc(), described.dst_desc(), described.scratchpad_desc(), finish, packed, bias) {}
  Lane(const Desc& source, const Desc& result, const Desc& scratch, const std::vector<Finish>& finish,
       const dnnl::memory& packed, const dnnl::memory& bias);
  Lane(Lane&&) = default;
  Lane& operator=(Lane&&) = default;

  // Of the result's elements from `offset` on, `y` being all of it. Whether it succeeded.
  bool run(const dnnl::primitive& primitive, const dnnl::stream& stream, const float* source, float* y,
           std::int64_t offset, const std::vector<Finish>& finish);

 private:
  dnnl::memory source_, result_, scratch_;
  std::vector<dnnl::memory> operands_;  // of the finishes that have the result's shape, in their order
  std::vector<dnnl_exec_arg_t> arguments_;
};

}  // namespace motet::device::cpu::dense
