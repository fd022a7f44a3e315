#include "tiny_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

namespace motet::test {
namespace {

using Weights = std::map<std::string, Matrix>;

Matrix product(const Matrix& x, const Matrix& w) {  // x W^T
  Matrix out = zeros(x.rows, w.rows);
  for (std::int64_t i = 0; i < x.rows; ++i) {
    for (std::int64_t j = 0; j < w.rows; ++j) {
      for (std::int64_t k = 0; k < x.columns; ++k) out.at(i, j) += x.at(i, k) * w.at(j, k);
    }
  }
  return out;
}

Matrix linear(const Matrix& x, const Weights& weights, const std::string& name) {
  Matrix out = product(x, weights.at(name));
  const auto bias = weights.find(name + ".b");
  for (std::int64_t i = 0; bias != weights.end() && i < out.rows; ++i) {
    for (std::int64_t j = 0; j < out.columns; ++j) out.at(i, j) += bias->second.at(0, j);
  }
  return out;
}

Matrix added(Matrix a, const Matrix& b) {
  for (std::size_t i = 0; i < a.data.size(); ++i) a.data[i] += b.data[i];
  return a;
}

Matrix normed(const Tiny& tiny, Matrix x, const Weights& weights, const std::string& name) {
  const auto bias = weights.find(name + ".b");
  for (std::int64_t i = 0; i < x.rows; ++i) {
    double mean = 0, square = 0;
    for (std::int64_t j = 0; j < x.columns; ++j) mean += x.at(i, j) / static_cast<double>(x.columns);
    if (tiny.rms) mean = 0;
    for (std::int64_t j = 0; j < x.columns; ++j)
      square += (x.at(i, j) - mean) * (x.at(i, j) - mean) / static_cast<double>(x.columns);
    for (std::int64_t j = 0; j < x.columns; ++j) {
      x.at(i, j) = (x.at(i, j) - mean) / std::sqrt(square + tiny.eps) * weights.at(name).at(0, j) +
                   (bias == weights.end() ? 0 : bias->second.at(0, j));
    }
  }
  return x;
}

void turn(const Tiny& tiny, Matrix& x, int heads) {
  const bool halves = tiny.position == "halves";
  if (!halves && tiny.position != "interleaved") return;
  for (std::int64_t t = 0; t < x.rows; ++t) {
    for (int h = 0; h < heads; ++h) {
      for (int i = 0; i < tiny.turned / 2; ++i) {
        const double angle = static_cast<double>(t) * std::pow(tiny.theta, -2.0 * i / tiny.turned);
        const std::int64_t first = h * tiny.head_dim + (halves ? i : 2 * i);
        const std::int64_t second = h * tiny.head_dim + (halves ? i + tiny.turned / 2 : 2 * i + 1);
        const double a = x.at(t, first), b = x.at(t, second);
        x.at(t, first) = a * std::cos(angle) - b * std::sin(angle);
        x.at(t, second) = b * std::cos(angle) + a * std::sin(angle);
      }
    }
  }
}

Matrix attended(const Tiny& tiny, const Matrix& q, const Matrix& k, const Matrix& v, bool causal) {
  Matrix out = zeros(q.rows, q.columns);
  for (std::int64_t t = 0; t < q.rows; ++t) {
    for (int h = 0; h < tiny.heads; ++h) {
      const std::int64_t at = h * tiny.head_dim, shared = h / (tiny.heads / tiny.kv_heads) * tiny.head_dim;
      const std::int64_t seen = causal ? t + 1 : k.rows;
      std::vector<double> scores(static_cast<std::size_t>(seen));
      double sum = 0;
      for (std::int64_t s = 0; s < seen; ++s) {
        double score = 0;
        for (int d = 0; d < tiny.head_dim; ++d) score += q.at(t, at + d) * k.at(s, shared + d);
        sum += scores[static_cast<std::size_t>(s)] = std::exp(score / std::sqrt(tiny.head_dim));
      }
      for (std::int64_t s = 0; s < seen; ++s) {
        for (int d = 0; d < tiny.head_dim; ++d)
          out.at(t, at + d) += scores[static_cast<std::size_t>(s)] / sum * v.at(s, shared + d);
      }
    }
  }
  return out;
}

double activated(const std::string& name, double x) {
  if (name == "silu") return x / (1 + std::exp(-x));
  if (name == "gelu") return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
  return 0.5 * x * (1 + std::tanh(std::sqrt(2 / 3.14159265358979323846) * (x + 0.044715 * x * x * x)));
}

Matrix self(const Tiny& tiny, const Weights& weights, const std::string& scope, const Matrix& x) {
  Matrix q = linear(x, weights, scope + "q"), k = linear(x, weights, scope + "k");
  turn(tiny, q, tiny.heads);
  turn(tiny, k, tiny.kv_heads);
  return linear(attended(tiny, q, k, linear(x, weights, scope + "v"), tiny.causal), weights, scope + "o");
}

Matrix crossed(const Tiny& tiny, const Weights& weights, const std::string& scope, const Matrix& x,
               const Matrix& memory) {
  const Matrix q = linear(normed(tiny, x, weights, scope + "cross.n"), weights, scope + "cross.q");
  const Matrix seen =
      attended(tiny, q, linear(memory, weights, scope + "cross.k"), linear(memory, weights, scope + "cross.v"), false);
  return added(x, linear(seen, weights, scope + "cross.o"));
}

Matrix fed(const Tiny& tiny, const Weights& weights, const std::string& scope, const Matrix& x) {
  Matrix up = linear(x, weights, scope + "up");
  const Matrix gate = tiny.gated ? linear(x, weights, scope + "gate") : up;
  for (std::size_t i = 0; i < up.data.size(); ++i)
    up.data[i] = activated(tiny.activation, gate.data[i]) * (tiny.gated ? up.data[i] : 1);
  return linear(up, weights, scope + "down");
}
}  // namespace

Matrix zeros(std::int64_t rows, std::int64_t columns) {
  return {rows, columns, std::vector<double>(static_cast<std::size_t>(rows * columns))};
}

Weights made_weights(const Tiny& tiny, std::uint32_t seed) {
  Weights out;
  std::mt19937 random(seed);
  const auto add = [&](const std::string& name, std::int64_t rows, std::int64_t columns, double middle, double spread) {
    Matrix made = zeros(rows, columns);
    for (double& one : made.data)
      one = static_cast<float>(middle + spread * (static_cast<double>(random()) / 2147483648.0 - 1));
    out[name] = std::move(made);
  };
  const auto add_linear = [&](const std::string& name, std::int64_t rows, std::int64_t columns, bool bias) {
    add(name, rows, columns, 0, 0.5);
    if (bias) add(name + ".b", 1, rows, 0, 0.3);
  };
  const auto add_norm = [&](const std::string& name) {
    add(name, 1, tiny.width, 1, 0.3);
    if (tiny.norm_bias) add(name + ".b", 1, tiny.width, 0, 0.2);
  };
  add("embed", tiny.words, tiny.width, 0, 1);
  if (tiny.position == "learned") add("position", tiny.positions, tiny.width, 0, 0.7);
  if (tiny.embedding_norm) add_norm("embed.n");
  const int inner = tiny.heads * tiny.head_dim, kv_inner = tiny.kv_heads * tiny.head_dim;
  for (int i = 0; i < tiny.layers; ++i) {
    const std::string scope = std::to_string(i) + ".";
    add_norm(scope + "n1");
    add_linear(scope + "q", inner, tiny.width, tiny.in_bias);
    add_linear(scope + "k", kv_inner, tiny.width, tiny.in_bias);
    add_linear(scope + "v", kv_inner, tiny.width, tiny.in_bias);
    add_linear(scope + "o", tiny.width, inner, tiny.out_bias);
    if (tiny.memory > 0) {
      add_norm(scope + "cross.n");
      add_linear(scope + "cross.q", inner, tiny.width, tiny.in_bias);
      add_linear(scope + "cross.k", kv_inner, tiny.memory, tiny.in_bias);
      add_linear(scope + "cross.v", kv_inner, tiny.memory, false);
      add_linear(scope + "cross.o", tiny.width, inner, tiny.out_bias);
    }
    add_norm(scope + "n2");
    add_linear(scope + "up", tiny.inner, tiny.width, tiny.feed_bias);
    if (tiny.gated) add_linear(scope + "gate", tiny.inner, tiny.width, tiny.feed_bias);
    add_linear(scope + "down", tiny.width, tiny.inner, tiny.feed_bias);
  }
  if (tiny.final_norm) add_norm("last.n");
  if (tiny.own_head) add("head", tiny.words, tiny.width, 0, 1);
  return out;
}

Matrix hidden(const Tiny& tiny, const Weights& weights, const std::vector<std::int32_t>& ids, const Matrix& memory) {
  Matrix x = zeros(static_cast<std::int64_t>(ids.size()), tiny.width);
  for (std::int64_t t = 0; t < x.rows; ++t) {
    for (std::int64_t j = 0; j < x.columns; ++j) {
      x.at(t, j) = weights.at("embed").at(ids[static_cast<std::size_t>(t)], j) +
                   (tiny.position == "learned" ? weights.at("position").at(t, j) : 0);
    }
  }
  if (tiny.embedding_norm) x = normed(tiny, x, weights, "embed.n");
  for (int i = 0; i < tiny.layers; ++i) {
    const std::string scope = std::to_string(i) + ".";
    if (tiny.post) {
      x = normed(tiny, added(x, self(tiny, weights, scope, x)), weights, scope + "n1");
      x = normed(tiny, added(x, fed(tiny, weights, scope, x)), weights, scope + "n2");
      continue;
    }
    x = added(x, self(tiny, weights, scope, normed(tiny, x, weights, scope + "n1")));
    if (tiny.memory > 0) x = crossed(tiny, weights, scope, x, memory);
    x = added(x, fed(tiny, weights, scope, normed(tiny, x, weights, scope + "n2")));
  }
  return tiny.final_norm ? normed(tiny, x, weights, "last.n") : x;
}

std::vector<std::int32_t> greedy(const Tiny& tiny, const Weights& weights, std::vector<std::int32_t> ids, int count,
                                 const Matrix& memory) {
  std::vector<std::int32_t> out;
  for (int i = 0; i < count; ++i) {
    const Matrix logits = product(hidden(tiny, weights, ids, memory), weights.at(tiny.own_head ? "head" : "embed"));
    const auto last = logits.data.end() - logits.columns;
    ids.push_back(static_cast<std::int32_t>(std::max_element(last, logits.data.end()) - last));
    out.push_back(ids.back());
  }
  return out;
}

std::string safetensors(const Weights& tensors) {
  std::string header = "{";
  std::size_t at = 0;
  std::string data;
  for (const auto& [name, matrix] : tensors) {
    const std::size_t size = matrix.data.size() * sizeof(float);
    const std::string shape = matrix.rows == 1 ? std::to_string(matrix.columns)
                                               : std::to_string(matrix.rows) + "," + std::to_string(matrix.columns);
    header += (at == 0 ? "\"" : ",\"") + name + "\":{\"dtype\":\"F32\",\"shape\":[" + shape + "],\"data_offsets\":[" +
              std::to_string(at) + "," + std::to_string(at + size) + "]}";
    at += size;
    for (double one : matrix.data) {
      const auto single = static_cast<float>(one);
      char bytes[sizeof single];
      std::memcpy(bytes, &single, sizeof single);
      data.append(bytes, sizeof bytes);
    }
  }
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = header.size();
  char bytes[sizeof length];
  std::memcpy(bytes, &length, sizeof length);
  return std::string(bytes, sizeof bytes) + header + data;
}

}  // namespace motet::test
