// What the callers of the dense library's primitives share. Only they include this: its header is heavy.
#pragma once

#include <atomic>
#include <oneapi/dnnl/dnnl.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "device/cpu/finish.hpp"
#include "device/cpu/gemm.hpp"

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

  // Of the result's elements from `offset` on, `y` being all of it. Whether it succeeded.
  bool run(const dnnl::primitive& primitive, const dnnl::stream& stream, const float* source, float* y,
           std::int64_t offset);

 private:
  struct Operand {  // of a finish that has the result's shape
    dnnl::memory memory;
    const float* data;
  };
  dnnl::memory source_, result_, scratch_;
  std::vector<Operand> operands_;
  std::vector<dnnl_exec_arg_t> arguments_;
};

// A primitive with a packed operand, for tiles of a result: of one size all but the last, which may be smaller.
template <class Primitive>
class PackedTiles {
 public:
  using Description = typename Primitive::primitive_desc;

  // `rest`: of the last tile, where it is smaller. `bias`: the form of a bias. Throws dnnl::error.
  PackedTiles(const Description& whole, const std::optional<Description>& rest, std::vector<Finish> finish,
              const Desc& bias, int workers)
      : finish_(std::move(finish)), whole_(whole) {
    if (rest) last_.emplace(*rest);
    if (has_bias(finish_)) bias_ = borrowed(bias, finish_.front().operand);
    for (int worker = 0; worker < workers; ++worker) streams_.emplace_back(engine());
  }

  bool gains() const {
    return gains_from_packing(whole_.described.impl_info_str()) &&
           (!last_ || gains_from_packing(last_->described.impl_info_str()));
  }
  std::size_t finished() const { return finish_.size(); }

  std::size_t packed_floats() const { return (form().get_size() + sizeof(float) - 1) / sizeof(float); }
  void pack(const Desc& from_form, const float* from, float* to) const {
    stay_on_this_thread();
    dnnl::memory plain = borrowed(from_form, from), packed = borrowed(form(), to);
    dnnl::reorder(plain, packed).execute(streams_.front(), plain, packed);
    dnnl::stream(streams_.front()).wait();
  }
  void use(const float* packed) {
    packed_ = borrowed(form(), packed);
    for (Size* size : {&whole_, last_ ? &*last_ : nullptr}) {
      if (size == nullptr) continue;
      size->lanes.clear();
      for (std::size_t worker = 0; worker < streams_.size(); ++worker)
        size->lanes.emplace_back(size->described, finish_, packed_, bias_);
    }
  }

  // A tile of the size `whole`, or of the smaller one. As Lane::run; what failed is told by check().
  void run(bool whole, int worker, const float* source, float* y, std::int64_t offset) {
    Size& size = whole ? whole_ : *last_;
    const auto own = static_cast<std::size_t>(worker);
    if (!size.lanes[own].run(size.primitive, streams_[own], source, y, offset)) failed_ = true;
  }
  void check(const char* what) {
    if (failed_.exchange(false)) {
      base::fail(base::ErrorKind::environment,
                 "the dense library could not compute a " + std::string(what) + ": out of memory?");
    }
  }

 private:
  struct Size {
    explicit Size(const Description& description) : described(description), primitive(described) {}
    Description described;
    Primitive primitive;
    std::vector<Lane> lanes;  // by worker
  };
  Desc form() const { return whole_.described.weights_desc(); }

  std::vector<Finish> finish_;
  Size whole_;
  std::optional<Size> last_;
  std::vector<dnnl::stream> streams_;  // by worker
  dnnl::memory packed_, bias_;
  std::atomic<bool> failed_{false};
};

// What make(shape) makes where its kernels gain from packing; else what it makes of the shape without finishes, which
// fewer kernels know; else nullptr.
template <class Shape, class Make>
auto first_that_gains(Shape shape, const Make& make) -> decltype(make(shape)) {
  for (;;) {
    try {
      if (auto made = make(shape); made->tiles.gains()) return made;
    } catch (const dnnl::error&) {
      // no kernel for these sizes and finishes
    }
    if (shape.finish.empty()) return nullptr;
    shape.finish.clear();
  }
}

}  // namespace motet::device::cpu::dense
