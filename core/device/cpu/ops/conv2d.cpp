#include <algorithm>

#include "device/cpu/convolution.hpp"
#include "device/cpu/epilogue.hpp"
#include "device/cpu/gemm.hpp"
#include "program/window.hpp"

namespace motet::device::cpu::ops {
namespace {

struct Sizes {
  explicit Sizes(const Binding& binding)
      : height(binding.shape(0)[1]),
        width(binding.shape(0)[2]),
        in(binding.shape(0)[3]),
        out(binding.shape(1)[0]),
        groups(binding.attributes().integer("groups")),
        down(binding.out_shape()[1]),
        across(binding.out_shape()[2]),
        positions(binding.out_shape()[0] * down * across),
        window(program::window_of(binding.attributes(), {binding.shape(1)[2], binding.shape(1)[3]}, {1, 1})) {}

  std::int64_t taps() const { return window[0].size * window[1].size; }
  std::int64_t depth() const { return taps() * in / groups; }  // products an output element sums
  // An output position's products are a row of x as it lies.
  bool plain() const { return groups == 1 && window[0].trivial() && window[1].trivial(); }
  bool depthwise() const { return groups > 1 && groups == in && out == in; }

  std::int64_t height, width, in, out, groups, down, across, positions;
  program::Window window;
};

void pack(const float* weight, const Sizes& size, float* packed) {
  pack_taps_first(weight, size.out, size.in / size.groups, size.taps(), packed);
}

// w [C, 1, Ky, Kx] -> [Ky, Kx, C]: a tap of all channels side by side.
void pack_depthwise(const float* weight, const Sizes& size, float* packed) {
  for (std::int64_t c = 0; c < size.out; ++c) {
    for (std::int64_t k = 0; k < size.taps(); ++k) packed[k * size.out + c] = weight[c * size.taps() + k];
  }
}

// Patches are gathered once, for all columns, and few enough at a time to stay in cache.
GemmTile tile_of(const Sizes& size) {
  if (size.plain()) return gemm_tile(size.positions, size.out);
  if (size.depthwise()) return {row_grain(size.out * size.taps(), 64 << 10), size.out};
  constexpr std::int64_t kPatchFloats = 128 << 10;
  return {std::clamp<std::int64_t>(kPatchFloats / std::max<std::int64_t>(size.depth(), 1), 16, 256),
          size.out / size.groups};
}

class Conv2d final : public Kernel {
 public:
  explicit Conv2d(Binding& binding)
      : size_(binding),
        x_(binding.input<float>(0)),
        weight_(binding.input<float>(1)),
        y_(binding.output<float>(0)),
        epilogues_(binding, binding.input<float>(2)),
        tile_(tile_of(size_)),
        pack_(size_.depthwise() ? pack_depthwise : pack) {
    const auto floats = static_cast<std::size_t>(size_.out * size_.depth());
    if (const CpuBuffer* constant = binding.inputs[1].constant) {
      packed_ = constant->packed(
          std::string(size_.depthwise() ? "conv2d depthwise " : "conv2d ") + binding.inputs[1].type->text(), floats,
          [&](float* to) { pack_(weight_, size_, to); });
    } else {
      binding.want_shared_floats(floats);
    }
    if (!size_.plain())
      binding.want_worker_floats(static_cast<std::size_t>(size_.depthwise() ? size_.out : tile_.rows * size_.depth()));
  }

  void run(const Run& context) override {
    if (size_.positions * size_.out == 0) return;
    const float* weight = packed_;
    if (weight == nullptr) {
      pack_(weight_, size_, context.shared_floats());
      weight = context.shared_floats();
    }
    const std::int64_t columns = size_.depthwise() ? size_.out : size_.out / size_.groups;
    const std::int64_t groups = size_.out / columns;
    const std::int64_t down = (size_.positions + tile_.rows - 1) / tile_.rows;
    const std::int64_t across = (columns + tile_.cols - 1) / tile_.cols;
    context.pool.run(static_cast<std::size_t>(groups * down * across), [&](std::size_t task, int worker) {
      const auto at = static_cast<std::int64_t>(task);
      Tile tile;
      tile.col = at % across * tile_.cols;
      tile.row = at / across % down * tile_.rows;
      tile.group = at / (across * down);
      tile.rows = std::min(tile_.rows, size_.positions - tile.row);
      tile.cols = std::min(tile_.cols, columns - tile.col);
      compute(tile, weight, context.worker_floats(worker));
    });
  }

 private:
  struct Tile {  // output positions and the channels of a group
    std::int64_t group, row, rows, col, cols;
  };
  struct Place {  // of an output position: the window's first row and column in x, maybe outside
    const float* image;
    std::int64_t top, left;
  };

  Place place(std::int64_t position) const {
    const std::int64_t column = position % size_.across;
    const std::int64_t row = position / size_.across % size_.down;
    return {x_ + position / (size_.across * size_.down) * size_.height * size_.width * size_.in,
            row * size_.window[0].stride - size_.window[0].padding,
            column * size_.window[1].stride - size_.window[1].padding};
  }

  void compute(const Tile& tile, const float* weight, float* patches) const {
    const std::int64_t channel = tile.group * (size_.out / size_.groups) + tile.col;
    float* y = y_ + tile.row * size_.out + channel;
    if (size_.depthwise()) {
      for (std::int64_t r = 0; r < tile.rows; ++r) add_taps(place(tile.row + r), weight, patches, y + r * size_.out);
    } else {
      const std::int64_t depth = size_.depth();
      const float* a = x_ + tile.row * size_.in;
      if (!size_.plain()) {
        gather(tile, patches);
        a = patches;
      }
      gemm({tile.rows, tile.cols, depth, depth, depth, size_.out}, true, a, weight + channel * depth, 0.0f, y);
    }
    epilogues_.apply(y_, tile.row, tile.rows, channel, tile.cols);
  }

  // Taps k with 0 <= first + k * dilation < length: [begin, end).
  struct Taps {
    std::int64_t begin, end;
  };
  static Taps inside(const program::WindowAxis& axis, std::int64_t first, std::int64_t length) {
    const std::int64_t begin = first >= 0 ? 0 : (-first + axis.dilation - 1) / axis.dilation;
    const std::int64_t end = first >= length ? 0 : (length - first + axis.dilation - 1) / axis.dilation;
    return {std::min(begin, axis.size), std::clamp(end, std::min(begin, axis.size), axis.size)};
  }

  void gather(const Tile& tile, float* to) const {
    const std::int64_t in = size_.in / size_.groups;
    const auto& [rows, columns] = size_.window;
    for (std::int64_t r = tile.row; r < tile.row + tile.rows; ++r) {
      const Place at = place(r);
      const Taps wide = inside(columns, at.left, size_.width);
      for (std::int64_t ky = 0; ky < rows.size; ++ky, to += columns.size * in) {
        const std::int64_t row = at.top + ky * rows.dilation;
        if (row < 0 || row >= size_.height || wide.begin == wide.end) {
          std::fill_n(to, columns.size * in, 0.0f);
          continue;
        }
        const float* from = at.image + row * size_.width * size_.in + tile.group * in;
        std::fill(to, to + wide.begin * in, 0.0f);
        if (columns.dilation == 1 && size_.groups == 1) {  // neighbours in x as well
          std::copy_n(from + (at.left + wide.begin) * in, (wide.end - wide.begin) * in, to + wide.begin * in);
        } else {
          for (std::int64_t kx = wide.begin; kx < wide.end; ++kx)
            std::copy_n(from + (at.left + kx * columns.dilation) * size_.in, in, to + kx * in);
        }
        std::fill(to + wide.end * in, to + columns.size * in, 0.0f);
      }
    }
  }

  void add_taps(const Place& at, const float* weight, float* products, float* y) const {
    const auto channels = static_cast<std::size_t>(size_.out);
    const auto& [rows, columns] = size_.window;
    const Taps high = inside(rows, at.top, size_.height);
    const Taps wide = inside(columns, at.left, size_.width);
    std::fill_n(y, size_.out, 0.0f);
    for (std::int64_t ky = high.begin; ky < high.end; ++ky) {
      for (std::int64_t kx = wide.begin; kx < wide.end; ++kx) {
        const float* x =
            at.image + ((at.top + ky * rows.dilation) * size_.width + at.left + kx * columns.dilation) * size_.in;
        const float* w = weight + (ky * columns.size + kx) * size_.out;
        multiply_(x, w, products, channels);
        add_(y, products, y, channels);
      }
    }
  }

  Sizes size_;
  const float* x_;
  const float* weight_;
  float* y_;
  Epilogues epilogues_;
  GemmTile tile_;
  simd::BinaryRow multiply_ = simd::binary_rows("mul").both;
  simd::BinaryRow add_ = simd::binary_rows("add").both;
  void (*pack_)(const float*, const Sizes&, float*);
  const float* packed_ = nullptr;
};

std::unique_ptr<Kernel> bind(Binding& binding) { return std::make_unique<Conv2d>(binding); }

}  // namespace

extern const KernelDef conv2d;
const KernelDef conv2d{bind};
}  // namespace motet::device::cpu::ops
