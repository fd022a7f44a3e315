// Attention of some queries of one head over the keys and values of one head: what all forms of the operation share.
#pragma once

#include <cstddef>
#include <cstdint>

namespace motet::device::cpu {

struct Span {
  std::int64_t begin, end;  // keys that a query sees; none where end <= begin
};

// Queries [rows, d], keys and values [any, d]; ld*: elements between rows. bias: [rows, any] or nullptr.
struct Queries {
  const float* query;
  std::int64_t ldq;
  const float* key;
  std::int64_t ldk;
  const float* value;
  std::int64_t ldv;
  const float* bias;
  std::int64_t ldbias;
  float* y;
  std::int64_t ldy;
  std::int64_t rows, d;
  float scale;
  const Span* seen;  // one a query
};

// Queries that one call takes at most, where `keys` may be seen; and the floats of scratch it then wants.
std::int64_t queries_at_once(std::int64_t keys);
std::size_t attend_floats(std::int64_t queries, std::int64_t keys, std::int64_t d);

// Writes y. The result of a query does not depend on its neighbours' keys.
void attend(const Queries& work, float* scratch);

}  // namespace motet::device::cpu
