#include <algorithm>
#include <string>

#include "device/cpu/convolution.hpp"
#include "device/cpu/epilogue.hpp"
#include "device/cpu/finish.hpp"
#include "device/cpu/gemm.hpp"
#include "device/cpu/packed_conv1d.hpp"

namespace motet::device::cpu::ops {
namespace {

struct Sizes {
  explicit Sizes(const Binding& binding)
      : batch(binding.shape(0)[0]),
        length(binding.shape(0)[1]),
        in(binding.shape(0)[2]),
        out(binding.shape(1)[0]),
        kernel(binding.shape(1)[2]),
        stride(binding.attributes().integer("stride")),
        padding(binding.attributes().integer("padding")),
        dilation(binding.attributes().integer("dilation")),
        groups(binding.attributes().integer("groups")),
        steps(binding.out_shape()[1]) {}

  std::int64_t depth() const { return kernel * in / groups; }  // products an output element sums
  bool plain() const { return padding == 0 && dilation == 1 && groups == 1; }

  std::int64_t batch, length, in, out, kernel, stride, padding, dilation, groups, steps;
};

void pack(const float* weight, const Sizes& size, float* packed) {
  pack_taps_first(weight, size.out, size.in / size.groups, size.kernel, packed);
}

// Patches that must be gathered are gathered once, for all columns, and few enough at a time to stay in cache.
GemmTile tile_of(const Sizes& size) {
  if (size.plain()) return gemm_tile(size.steps, size.out);
  constexpr std::int64_t kPatchFloats = 64 << 10;
  return {std::clamp<std::int64_t>(kPatchFloats / std::max<std::int64_t>(size.depth(), 1), 8, 256),
          size.out / size.groups};
}

class Conv1d final : public Kernel {
 public:
  explicit Conv1d(Binding& binding)
      : size_(binding),
        x_(binding.input<float>(0)),
        weight_(binding.input<float>(1)),
        y_(binding.output<float>(0)),
        epilogues_(binding, binding.input<float>(2)),
        tile_(tile_of(size_)) {
    const auto floats = static_cast<std::size_t>(size_.out * size_.depth());
    if (const CpuBuffer* constant = binding.inputs[1].constant) {
      packed_ = constant->packed("conv1d " + binding.inputs[1].type->text(), floats,
                                 [&](float* to) { pack(weight_, size_, to); });
    } else {
      binding.want_shared_floats(floats);
    }
    if (!size_.plain()) binding.want_worker_floats(static_cast<std::size_t>(tile_.rows * size_.depth()));
  }

  void run(const Run& context) override {
    const float* weight = packed_;
    if (weight == nullptr) {
      pack(weight_, size_, context.shared_floats());
      weight = context.shared_floats();
    }
    const std::int64_t columns = size_.out / size_.groups;
    const std::int64_t down = (size_.steps + tile_.rows - 1) / tile_.rows;
    const std::int64_t across = (columns + tile_.cols - 1) / tile_.cols;
    context.pool.run(static_cast<std::size_t>(size_.batch * size_.groups * down * across),
                     [&](std::size_t task, int worker) {
                       auto at = static_cast<std::int64_t>(task);
                       Tile tile;
                       tile.col = at % across * tile_.cols;
                       at /= across;
                       tile.row = at % down * tile_.rows;
                       at /= down;
                       tile.group = at % size_.groups;
                       tile.batch = at / size_.groups;
                       tile.rows = std::min(tile_.rows, size_.steps - tile.row);
                       tile.cols = std::min(tile_.cols, columns - tile.col);
                       compute(tile, weight, size_.plain() ? nullptr : context.worker_floats(worker));
                     });
  }

 private:
  struct Tile {
    std::int64_t batch, group, row, rows, col, cols;
  };

  void compute(const Tile& tile, const float* weight, float* patches) const {
    const std::int64_t channel = tile.group * (size_.out / size_.groups) + tile.col;
    const std::int64_t row = tile.batch * size_.steps + tile.row;
    const float* w = weight + channel * size_.depth();
    float* y = y_ + row * size_.out + channel;
    if (size_.plain()) {
      multiply_in_place(tile, w, y);
    } else {
      gather(tile, patches);
      gemm({tile.rows, tile.cols, size_.depth(), size_.depth(), size_.depth(), size_.out}, true, patches, w, 0.0f, y);
    }
    epilogues_.apply(y_, row, tile.rows, channel, tile.cols);
  }

  // Rows of x at distance stride * I are the patches. They overlap where the kernel is longer than the stride, which
  // the dense library refuses, so the kernel is taken in pieces of at most a stride that add up.
  void multiply_in_place(const Tile& tile, const float* w, float* y) const {
    const std::int64_t step = size_.stride * size_.in;
    const float* x = x_ + tile.batch * size_.length * size_.in + tile.row * step;
    for (std::int64_t from = 0; from < size_.depth() || from == 0; from += step) {
      const std::int64_t depth = std::min(step, size_.depth() - from);
      gemm({tile.rows, tile.cols, depth, step, size_.depth(), size_.out}, true, x + from, w + from,
           from == 0 ? 0.0f : 1.0f, y);
      if (step == 0) break;
    }
  }

  void gather(const Tile& tile, float* patches) const {
    const std::int64_t in = size_.in / size_.groups;
    const float* x = x_ + tile.batch * size_.length * size_.in + tile.group * in;
    for (std::int64_t t = tile.row; t < tile.row + tile.rows; ++t) {
      for (std::int64_t k = 0; k < size_.kernel; ++k, patches += in) {
        const std::int64_t at = t * size_.stride + k * size_.dilation - size_.padding;
        if (at < 0 || at >= size_.length) {
          std::fill_n(patches, in, 0.0f);
        } else {
          std::copy_n(x + at * size_.in, in, patches);
        }
      }
    }
  }

  Sizes size_;
  const float* x_;
  const float* weight_;
  float* y_;
  Epilogues epilogues_;
  GemmTile tile_;
  const float* packed_ = nullptr;
};

// One whose weight the dense library has packed.
class PackedConvolution final : public Kernel {
 public:
  // nullptr where the library has no kernel that gains from it.
  static std::unique_ptr<Kernel> make(const Binding& binding) {
    const Sizes size(binding);
    auto conv = PackedConv1d::make({size.batch, size.length, size.in, size.out, size.kernel, size.stride, size.steps,
                                    finishes(binding, binding.input<float>(2))},
                                   binding.workers);
    if (conv == nullptr) return nullptr;
    return std::unique_ptr<Kernel>(new PackedConvolution(binding, size, std::move(conv)));
  }

  void run(const Run& context) override {
    context.pool.run(static_cast<std::size_t>(conv_->tiles()), [&](std::size_t task, int worker) {
      const auto i = static_cast<std::int64_t>(task);
      conv_->run(i, worker, x_, y_);
      const auto [first, rows] = conv_->tile(i);
      epilogues_.apply_rows(y_, first, rows);
    });
    conv_->check();
  }

 private:
  PackedConvolution(const Binding& binding, const Sizes& size, std::unique_ptr<PackedConv1d> conv)
      : x_(binding.input<float>(0)),
        y_(binding.output<float>(0)),
        epilogues_(binding, binding.input<float>(2), conv->finished()),
        conv_(std::move(conv)) {
    const std::string key = "conv1d " + binding.inputs[1].type->text() + " stride " + std::to_string(size.stride);
    conv_->use(binding.inputs[1].constant->packed(key, conv_->packed_floats(),
                                                  [&](float* to) { conv_->pack(binding.input<float>(1), to); }));
  }

  const float* x_;
  float* y_;
  Epilogues epilogues_;
  std::unique_ptr<PackedConv1d> conv_;
};

std::unique_ptr<Kernel> bind(Binding& binding) {
  if (binding.inputs[1].constant != nullptr && Sizes(binding).plain()) {
    if (auto kernel = PackedConvolution::make(binding)) return kernel;
  }
  return std::make_unique<Conv1d>(binding);
}

}  // namespace

extern const KernelDef conv1d;
const KernelDef conv1d{bind};
}  // namespace motet::device::cpu::ops
