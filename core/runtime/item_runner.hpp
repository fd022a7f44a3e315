// Runs an island's item program for a batch of items: values in, values out.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lower/lower.hpp"
#include "runtime/resources.hpp"
#include "value/value.hpp"

namespace motet::runtime {

// The values of one item for an island's inputs, in their order.
using IslandInputs = std::vector<value::Ref>;

// Where a generator's kept values lie; empty for other islands.
struct Kept {
  std::int64_t rows = 0;
  std::int64_t capacity = 0;
  std::vector<program::TensorType> types;
  std::vector<std::unique_ptr<device::Buffer>> buffers;
  std::uint64_t change = 0;  // counts replacements of buffers
};

class ItemRunner {
 public:
  ItemRunner(const graph::Graph& graph, const lower::Island& island, Resources& resources);

  // Sizes that decide which items share a batch; equal keys do.
  std::string batch_key(const IslandInputs& inputs) const;
  // Runs items of one batch key. Returns the results by item, as Island::outputs. Throws Error(item) where the sizes
  // do not suit the program.
  std::vector<std::vector<value::Ref>> run(const std::vector<const IslandInputs*>& items, Kept* kept = nullptr,
                                           int row = -1);
  // Of the last run's first item: lengths of the memories, for the generator.
  const std::vector<std::int64_t>& memory_lengths() const { return memory_lengths_; }

 private:
  struct Entry {
    lower::ItemProgram lowered;
    Prepared prepared;
  };
  struct Element {  // one line of a batch
    const void* data;
    tensor::Shape shape;
    std::size_t size_bytes;
  };
  std::vector<Element> elements(std::size_t input, const value::Value& value) const;
  Entry& entry(const lower::ItemKey& key);
  void fit(Kept& kept, const lower::ItemProgram& lowered);
  void fill(device::Executable& executable, const lower::ItemProgram& lowered, std::size_t input,
            const std::vector<Element>& elements, const tensor::Shape& shape);
  value::Ref cut(const lower::ItemProgram& lowered, std::size_t result, std::int64_t line,
                 std::span<const std::byte> bytes, const program::TensorType& type) const;

  const graph::Graph& graph_;
  const lower::Island& island_;
  Resources& resources_;
  std::map<std::string, Entry> entries_;
  std::vector<std::vector<std::int64_t>> lengths_;  // by island input, of the lines of the batch that runs
  std::vector<std::int64_t> memory_lengths_;
};

}  // namespace motet::runtime
