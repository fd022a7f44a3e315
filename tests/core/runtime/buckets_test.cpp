#include "runtime/buckets.hpp"

#include "support/catch.hpp"

using motet::runtime::length_bucket;

TEST_CASE("buckets hold their length, grow with it, and pad at most a quarter") {
  std::int64_t before = 0;
  int buckets = 0;
  for (std::int64_t size = 1; size <= 4096; ++size) {
    const std::int64_t bucket = length_bucket(size);
    REQUIRE(bucket >= size);
    REQUIRE(bucket >= before);
    if (size > 8) REQUIRE(bucket * 4 <= size * 5 + 4);
    REQUIRE(length_bucket(bucket) == bucket);
    buckets += bucket != before ? 1 : 0;
    before = bucket;
  }
  CHECK(buckets <= 4 + 4 * 9);
  CHECK(length_bucket(0) == 1);
  CHECK(length_bucket(3) == 4);
  CHECK(length_bucket(9) == 10);
  CHECK(length_bucket(33) == 40);
  CHECK(length_bucket(128) == 128);
  CHECK(length_bucket(457) == 512);
}
