// Attention of whole sequences, on the kernels of both kinds of device.
#include <cmath>
#include <vector>

#include "device/vulkan/vulkan_device.hpp"
#include "one_step.hpp"
#include "support/catch.hpp"

namespace motet::device::vulkan::tests {
namespace {

struct Sizes {
  std::size_t batches, queries, keys, heads, key_heads, size;
};

double reference(const Sizes& s, const float* q, const float* k, const float* v, const std::int32_t* length,
                 bool causal, std::vector<double>& out) {
  double squares = 0;
  for (std::size_t b = 0; b < s.batches; ++b) {
    for (std::size_t t = 0; t < s.queries; ++t) {
      for (std::size_t h = 0; h < s.heads; ++h) {
        const float* query = q + ((b * s.queries + t) * s.heads + h) * s.size;
        const auto key_at = [&](std::size_t at) {
          return ((b * s.keys + at) * s.key_heads + h / (s.heads / s.key_heads)) * s.size;
        };
        std::ptrdiff_t end = length == nullptr ? static_cast<std::ptrdiff_t>(s.keys) : length[b];
        if (causal)
          end = std::min(end, static_cast<std::ptrdiff_t>(t + 1 + s.keys) - static_cast<std::ptrdiff_t>(s.queries));
        double total = 0;
        std::vector<double> sums(s.size);
        for (std::ptrdiff_t at = 0; at < end; ++at) {
          double score = 0;
          for (std::size_t i = 0; i < s.size; ++i)
            score += double{query[i]} * k[key_at(static_cast<std::size_t>(at)) + i];
          const double weight = std::exp(score / std::sqrt(static_cast<double>(s.size)));
          total += weight;
          for (std::size_t i = 0; i < s.size; ++i) sums[i] += weight * v[key_at(static_cast<std::size_t>(at)) + i];
        }
        for (const double sum : sums) {
          out.push_back(total > 0 ? sum / total : 0);
          squares += out.back() * out.back();
        }
      }
    }
  }
  return squares;
}

}  // namespace

TEST_CASE("attention of sequences with lengths, grouped heads and a causal mask") {
  for (const bool like_hardware : {false, true}) {
    const auto device = open_vulkan("", {like_hardware});
    for (const Sizes s : {Sizes{1, 1, 1, 1, 1, 4},
                          {1, 5, 5, 2, 1, 36},
                          {2, 17, 17, 3, 1, 64},
                          {1, 40, 61, 4, 2, 31},
                          {2, 3, 130, 2, 2, 8},
                          {1, 70, 70, 1, 1, 128},
                          {1, 33, 33, 2, 2, 5}}) {
      for (const bool causal : {false, true}) {
        for (const bool lengths : {false, true}) {
          CAPTURE(like_hardware, s.batches, s.queries, s.keys, s.heads, s.size, causal, lengths);
          const auto shape = [&](std::size_t tokens, std::size_t heads) {
            return Shape{static_cast<std::int64_t>(s.batches), static_cast<std::int64_t>(tokens),
                         static_cast<std::int64_t>(heads), static_cast<std::int64_t>(s.size)};
          };
          const HostTensor q = noise(shape(s.queries, s.heads), 1), k = noise(shape(s.keys, s.key_heads), 2),
                           v = noise(shape(s.keys, s.key_heads), 3);
          HostTensor length(DType::i32, {static_cast<std::int64_t>(s.batches)});
          for (std::size_t b = 0; b < s.batches; ++b)
            length.as<std::int32_t>()[b] = static_cast<std::int32_t>(s.keys / (b + 1));
          program::Attributes attributes;
          attributes.set("causal", std::int64_t{causal});
          OneStep step(*device, "attention", {&q, &k, &v, nullptr, nullptr, nullptr, lengths ? &length : nullptr},
                       attributes);
          const HostTensor got = step.run();
          std::vector<double> wanted;
          const double right = reference(s, q.as<float>().data(), k.as<float>().data(), v.as<float>().data(),
                                         lengths ? length.as<std::int32_t>().data() : nullptr, causal, wanted);
          double wrong = 0;
          for (std::size_t i = 0; i < wanted.size(); ++i) wrong += std::pow(got.as<float>()[i] - wanted[i], 2);
          CHECK(wrong <= 1e-10 * right);
        }
      }
    }
  }
}

}  // namespace motet::device::vulkan::tests
