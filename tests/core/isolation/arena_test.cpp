#include "isolation/arena.hpp"

#include <cstring>
#include <new>
#include <set>

#include "support/catch.hpp"

using namespace motet;
using isolation::Arena;
using isolation::Place;
using isolation::View;

namespace {

std::shared_ptr<Arena> arena(std::uint64_t most_bytes = UINT64_MAX) {
  return std::make_shared<Arena>(isolation::memory_file("motet-test", 0), most_bytes);
}

isolation::Descriptor same_file(const Arena& arena) { return isolation::Descriptor(::dup(arena.file().number())); }

}  // namespace

TEST_CASE("blocks are aligned, of their own, and used again once free") {
  const auto memory = arena();
  std::set<std::byte*> blocks;
  for (std::size_t size : {0, 1, 64, 65, 1000, 4096, 100'003, 9'000'000}) {
    std::byte* data = memory->take(size);
    CHECK(reinterpret_cast<std::uintptr_t>(data) % 64 == 0);
    std::memset(data, 0x5a, size);
    CHECK(blocks.insert(data).second);
  }
  std::byte* again = memory->take(1000);
  CHECK_FALSE(blocks.contains(again));
  memory->give_back(again);
  CHECK(memory->take(997) == again);
}

TEST_CASE("a tensor is of zeros, also where another one was, and gives its block back") {
  const auto memory = arena();
  const std::byte* data = nullptr;
  {
    tensor::HostTensor one = memory->allocate({tensor::DType::f32, {100}});
    CHECK(one.memory() == memory.get());
    one.as<float>()[99] = 1;
    data = one.data();
  }
  const tensor::HostTensor other = memory->allocate({tensor::DType::f32, {100}});
  CHECK(other.data() == data);
  CHECK(other.as<float>()[99] == 0);
}

TEST_CASE("another process's view shows the bytes, and the block is free when both let go") {
  const auto memory = arena();
  const auto view = std::make_shared<View>(same_file(*memory), true);
  std::byte* mine = memory->take(5000);
  std::memset(mine, 0x21, 5000);
  memory->lend(mine);
  const Place place = memory->place(mine, 5000);
  std::byte* theirs = view->at(place);
  CHECK(theirs != mine);
  CHECK(std::memcmp(mine, theirs, 5000) == 0);
  memory->give_back(mine);
  CHECK(memory->take(5000) != mine);  // the other one still reads
  view->give_back(theirs);
  CHECK(memory->take(5000) == mine);
  CHECK(view->place(theirs, 5000).offset == place.offset);
}

TEST_CASE("a view refuses what is no block of the file") {
  const auto memory = arena();
  const auto view = std::make_shared<View>(same_file(*memory), false);
  const Place good = memory->place(memory->take(1000), 1000);
  REQUIRE_NOTHROW(view->at(good));
  const auto with = [&](auto change) {
    Place bad = good;
    change(bad);
    return bad;
  };
  CHECK_THROWS_AS(view->at(with([](Place& p) { p.chunk_begin += 4096; })), isolation::Nonsense);
  CHECK_THROWS_AS(view->at(with([](Place& p) { p.chunk_begin = UINT64_MAX & ~4095ull; })), isolation::Nonsense);
  CHECK_THROWS_AS(view->at(with([](Place& p) { p.offset = 0; })), isolation::Nonsense);
  CHECK_THROWS_AS(view->at(with([](Place& p) { p.offset += 1; })), isolation::Nonsense);
  CHECK_THROWS_AS(view->at(with([](Place& p) { p.offset = UINT64_MAX & ~63ull; })), isolation::Nonsense);
  CHECK_THROWS_AS(view->at(with([](Place& p) { p.size_bytes = UINT64_MAX; })), isolation::Nonsense);
  const auto fresh = std::make_shared<View>(same_file(*memory), false);
  CHECK_THROWS_AS(fresh->at(with([](Place& p) { p.chunk_bytes = std::uint64_t{1} << 40; })), isolation::Nonsense);
}

TEST_CASE("an arena that may not grow says that there is no memory") {
  const auto memory = arena(std::uint64_t{8} << 20);
  CHECK_THROWS_AS(memory->take(std::size_t{9} << 20), std::bad_alloc);
  CHECK_NOTHROW(memory->take(std::size_t{1} << 20));
  CHECK_THROWS_AS(arena()->take(SIZE_MAX), std::bad_alloc);
}
