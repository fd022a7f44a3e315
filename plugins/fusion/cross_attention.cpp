#include "fusion/cross_attention.hpp"

#include <charconv>
#include <optional>

namespace motet::fusion {
namespace {

// The author's word, else the caller's, else `otherwise`.
std::int64_t chosen(const Negotiation& n, std::int64_t given, const char* key, std::int64_t otherwise) {
  if (given > 0) return given;
  const std::optional<std::string> offered = n.offered(key);
  std::int64_t value = otherwise;
  if (offered) std::from_chars(offered->data(), offered->data() + offered->size(), value);
  return value;
}
}  // namespace

CrossAttention::CrossAttention(const Params& params)
    : given_heads_(params.integer_or("heads", 0)),
      given_kv_heads_(params.integer_or("kv_heads", 0)),
      given_head_dim_(params.integer_or("head_dim", 0)),
      given_norm_(params.string_or("norm", "")),
      given_eps_(params.number_or("eps", -1)) {}

void CrossAttention::choose(const Negotiation& n, std::int64_t width) {
  heads_ = chosen(n, given_heads_, "heads", 0);
  if (heads_ < 1)
    throw ParameterError("with.heads",
                         "is wanted: the stage that this one serves does not say how many heads its model has");
  kv_heads_ = chosen(n, given_kv_heads_, "kv_heads", heads_);
  head_dim_ = chosen(n, given_head_dim_, "head_dim", width / heads_);
  if (kv_heads_ < 1 || heads_ % kv_heads_ != 0) {
    throw ParameterError("with.kv_heads", std::to_string(heads_) + " heads cannot share " + std::to_string(kv_heads_) +
                                              " key and value heads evenly");
  }
  if (head_dim_ < 1)
    throw ParameterError("with.heads", std::to_string(heads_) + " heads are more than the " + std::to_string(width) +
                                           " components of x");
  norm_ = !given_norm_.empty() ? given_norm_ : n.offered("norm.kind").value_or("layer");
  eps_ = given_eps_;
  if (eps_ >= 0) return;
  eps_ = 1e-5;
  if (const auto offered = n.offered("norm.eps"))
    std::from_chars(offered->data(), offered->data() + offered->size(), eps_);
}

void CrossAttention::negotiate(Negotiation& n) {
  const Spec x = n.input("x");
  const Spec memory = n.input("memory");
  // Without the caller's specification the decoder's width is what the query takes.
  const Dim width = x ? x[1] : n.fresh();
  choose(n, width.known() ? width.size : 0);
  const Dim seen = memory ? memory[2] : n.fresh();
  const std::int64_t inner = heads_ * head_dim_;
  const std::int64_t kv_inner = kv_heads_ * head_dim_;
  if (norm_ != "none") {
    norm_weight_ = n.weight("norm", {width}, {.init = "ones"});
    norm_bias_ = n.weight("norm.bias", {width}, {.optional = true, .init = "zeros"});
  }
  query_ = n.weight("query", {inner, width});
  query_bias_ = n.weight("query.bias", {inner}, {.optional = true, .init = "zeros"});
  key_ = n.weight("key", {kv_inner, seen});
  key_bias_ = n.weight("key.bias", {kv_inner}, {.optional = true, .init = "zeros"});
  value_ = n.weight("value", {kv_inner, seen});
  value_bias_ = n.weight("value.bias", {kv_inner}, {.optional = true, .init = "zeros"});
  out_ = n.weight("out", {width, inner});
  out_bias_ = n.weight("out.bias", {width}, {.optional = true, .init = "zeros"});
  if (x) n.set_output("y", MOTET_F32, x.dims);
}

Tensor CrossAttention::normed(Builder& g, Tensor x) const {
  if (norm_ == "layer") return g.layer_norm(x, {.weight = norm_weight_, .bias = norm_bias_, .eps = eps_});
  if (norm_ == "rms") return g.rms_norm(x, {.weight = norm_weight_, .eps = eps_});
  return x;
}

// [..., heads * d] -> [..., heads, d]
Tensor CrossAttention::split_heads(Builder& g, Tensor x, std::int64_t heads) const {
  std::vector<std::int64_t> shape;
  for (const Dim& dim : g.spec(x).dims) shape.push_back(dim.size);
  if (shape.empty()) return x;  // poison: the first mistake is kept already
  shape.back() = heads;
  shape.push_back(head_dim_);
  return g.reshape(x, shape);
}

Tensor CrossAttention::build(Builder& g, Tensor x, Tensor memory) const {
  const Tensor k = split_heads(g, g.linear(memory, key_, key_bias_), kv_heads_);
  const Tensor v = split_heads(g, g.linear(memory, value_, value_bias_), kv_heads_);
  const Tensor q = split_heads(g, g.linear(normed(g, x), query_, query_bias_), heads_);
  Tensor length = g.length_of(memory);
  if (!length) length = g.fill({g.size(memory, 0)}, static_cast<double>(g.size(memory, 1)), {.dtype = "i32"});
  const Tensor seen = g.attention(q, k, v, {.row = g.row(), .length = length});
  return g.add(x, g.linear(g.reshape(seen, {g.size(x, 0), heads_ * head_dim_}), out_, out_bias_));
}

}  // namespace motet::fusion
