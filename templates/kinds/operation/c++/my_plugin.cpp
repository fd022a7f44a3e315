// my_plugin: frames that overlap, joined into one signal: an operation of the plugin's own, and a stage that uses it.
#include <motet/sdk.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

// frames x f32[..., T, W], hop h: y f32[..., (T - 1) h + W], y[n] = sum_t w(j) x[t, j] / sum_t w(j) with j = n - t h
// over the frames that reach n, and the window w(j) = sin(pi (j + 1/2) / W)^2. Each element is a function of its place
// alone: that is what lets any device compute any of them, in any order.
struct OverlapAdd {
  static constexpr auto operation = motet::operation("my_plugin.overlap_add/1")
                                        .summary("joins frames that overlap, each under a window")
                                        .in<float>("x", "frames [..., T, W]")
                                        .out<float>("y", "the signal [..., (T - 1) hop + W]")
                                        .attribute<std::int64_t>("hop", "elements from one frame to the next")
                                        .required()
                                        .range(1)
                                        .glsl(R"(
float window(uint j) {
  const float s = sin_exact(3.14159265 * (float(j) + 0.5) / float(x_size(-1)));
  return s * s;
}
float y_at(uint i) {
  const uint width = x_size(-1), frames = x_size(-2), h = uint(hop);
  const uint n = i % y_size(-1);
  const uint from = i / y_size(-1) * frames * width;  // of these frames, in x
  const uint first = n < width ? 0u : (n - width) / h + 1u;
  float sum = 0.0, weights = 0.0;
  for (uint t = first; t < frames && t * h <= n; ++t) {
    const uint j = n - t * h;
    sum += window(j) * x_at(from + t * width + j);
    weights += window(j);
  }
  return sum / weights;
})");

  static motet::Sizes shape(const motet::Use& use) {
    const std::int64_t frames = use.size("x", -2), width = use.size("x", -1), hop = use.integer("hop");
    if (width < 1 || hop > width) throw motet::ItemError("frames of " + std::to_string(width) + " leave gaps");
    motet::Sizes sizes(use.shape("x").begin(), use.shape("x").end() - 2);
    sizes.push_back(frames == 0 ? 0 : (frames - 1) * hop + width);
    return sizes;
  }

  static std::int64_t cost(const motet::Use& use, int) { return use.size("x", -1) / use.integer("hop") + 1; }

  static void compute(const motet::Use& use, motet::Part<float> y) {
    const auto x = use.in<float>("x");
    const std::int64_t frames = use.size("x", -2), width = use.size("x", -1), hop = use.integer("hop");
    const std::int64_t length = use.size("y", -1);
    const auto window = [&](std::int64_t j) {
      const double s = std::sin(std::numbers::pi * (static_cast<double>(j) + 0.5) / static_cast<double>(width));
      return s * s;
    };
    for (std::int64_t i = y.begin; i < y.end; ++i) {
      const std::int64_t n = i % length, from = i / length * frames * width;
      double sum = 0, weights = 0;
      for (std::int64_t t = n < width ? 0 : (n - width) / hop + 1; t < frames && t * hop <= n; ++t) {
        const std::int64_t j = n - t * hop;
        sum += window(j) * x[static_cast<std::size_t>(from + t * width + j)];
        weights += window(j);
      }
      y[i] = static_cast<float>(sum / weights);
    }
  }
};

class MyPlugin {
 public:
  static constexpr auto type = motet::stage_type("my_plugin", "signal")
                                   .summary("Joins frames that overlap into one signal.")
                                   .example("sound: {use: my_plugin, with: {hop: 2}, in: {frames: decoder.frames}}")
                                   .in("frames", "f32[B, T, W]", "frames one after another")
                                   .out("signal", "f32[B, N]", "what they are parts of")
                                   .param<std::int64_t>("hop", "elements from one frame to the next")
                                   .otherwise("2")
                                   .range(1, 65536);

  explicit MyPlugin(const motet::Params& p) : hop_(p.integer("hop")) {}

  // What no item could mend is refused before there is one.
  void negotiate(motet::Negotiation& n) const {
    const motet::Spec frames = n.input("frames");
    if (frames && frames[2].known() && frames[2].size < hop_)
      throw motet::ParameterError("with.hop", "frames of " + std::to_string(frames[2].size) + " leave gaps");
  }

  motet::Tensor build(motet::Builder& g, motet::Tensor frames) const {
    return g.custom<OverlapAdd>({frames}, {{"hop", hop_}});
  }

 private:
  std::int64_t hop_;
};

MOTET_PLUGIN("my_plugin", "1.0.0", MyPlugin, OverlapAdd)
