#include "runtime/item_runner.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "runtime/buckets.hpp"

namespace motet::runtime {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

// Copies the common part of two row-major blocks of the same rank, element by element of the last dimension.
void copy_block(const std::byte* from, const tensor::Shape& from_shape, std::byte* to, const tensor::Shape& to_shape,
                std::size_t element_bytes, int axis = 0) {
  const int rank = from_shape.rank();
  if (rank == 0) {
    std::memcpy(to, from, element_bytes);
    return;
  }
  const std::int64_t count = std::min(from_shape[axis], to_shape[axis]);
  std::size_t from_step = element_bytes;
  std::size_t to_step = element_bytes;
  for (int i = axis + 1; i < rank; ++i) {
    from_step *= static_cast<std::size_t>(from_shape[i]);
    to_step *= static_cast<std::size_t>(to_shape[i]);
  }
  if (count == 0 || from_step == 0) return;  // what is empty may have no memory
  if (axis + 1 == rank || from_step == to_step) {
    std::memcpy(to, from, static_cast<std::size_t>(count) * from_step);
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    copy_block(from + static_cast<std::size_t>(i) * from_step, from_shape, to + static_cast<std::size_t>(i) * to_step,
               to_shape, element_bytes, axis + 1);
  }
}

tensor::Shape without_first(const tensor::Shape& shape) { return tensor::Shape(shape.sizes().subspan(1)); }

}  // namespace

ItemRunner::ItemRunner(const graph::Graph& graph, const lower::Island& island, Resources& resources)
    : graph_(graph), island_(island), resources_(resources), lengths_(island.inputs.size()) {}

std::vector<ItemRunner::Element> ItemRunner::elements(std::size_t input, const value::Value& value) const {
  std::vector<Element> out;
  const auto add = [&](const value::Value& one) {
    if (one.kind() == value::Kind::tokens) {
      const auto& ids = one.tokens().ids;
      out.push_back({ids.data(), {static_cast<std::int64_t>(ids.size())}, ids.size() * sizeof(std::int32_t)});
    } else {
      const tensor::HostTensor& tensor = one.tensor();
      out.push_back({tensor.data(), tensor.shape(), tensor.size_bytes()});
    }
  };
  if (value.kind() == value::Kind::list) {
    for (const value::Ref& one : value.list()) add(*one);
  } else {
    add(value);
  }
  const std::size_t rank = island_.inputs[input].type.dims.size() - 1;
  for (const Element& element : out) {
    if (static_cast<std::size_t>(element.shape.rank()) != rank) {
      base::fail(base::ErrorKind::plugin, "a value for " + island_.inputs[input].name + " has the shape " +
                                              element.shape.text() + ", declared were " + std::to_string(rank) +
                                              " dimensions");
    }
  }
  return out;
}

std::string ItemRunner::batch_key(const IslandInputs& inputs) const {
  std::string out;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const bool padded = !island_.inputs[i].exact;
    for (const Element& element : elements(i, *inputs[i])) {
      tensor::Shape shape = element.shape;
      if (padded && shape.rank() >= 1) shape[0] = length_bucket(shape[0]);
      out += shape.text();
    }
    out += ";";
  }
  return out;
}

ItemRunner::Entry& ItemRunner::entry(const lower::ItemKey& key) {
  const std::string text = key.text();
  const auto found = entries_.find(text);
  if (found != entries_.end()) return found->second;
  Entry made;
  made.lowered = lower::lower_item(graph_, island_, key, resources_.weights());
  if (!made.lowered.empty()) made.prepared = resources_.plan(made.lowered.program);
  // A longer memory than any before wants a larger capacity, under which the next item of these sizes looks for it.
  lower::ItemKey grown = key;
  grown.kept_capacity = std::max(key.kept_capacity, made.lowered.kept_capacity);
  return entries_.emplace(grown.text(), std::move(made)).first->second;
}

void ItemRunner::fit(Kept& kept, const lower::ItemProgram& lowered) {
  if (lowered.kept.empty()) return;
  if (kept.capacity == lowered.kept_capacity && !kept.buffers.empty()) return;
  std::vector<std::unique_ptr<device::Buffer>> buffers;
  for (std::size_t i = 0; i < lowered.kept.size(); ++i) {
    const program::TensorType& type = lowered.kept[i];
    buffers.push_back(resources_.device().allocate(type.size_bytes()));
    if (kept.buffers.empty()) continue;
    const std::uint64_t old_row = kept.types[i].size_bytes() / static_cast<std::uint64_t>(kept.rows);
    const std::uint64_t new_row = type.size_bytes() / static_cast<std::uint64_t>(kept.rows);
    resources_.device().copy(
        *kept.buffers[i], *buffers[i],
        {static_cast<std::uint64_t>(kept.rows), std::min(old_row, new_row), 0, old_row, 0, new_row});
  }
  kept.buffers = std::move(buffers);
  kept.types = lowered.kept;
  kept.capacity = lowered.kept_capacity;
  ++kept.change;
}

void ItemRunner::fill(device::Executable& executable, const lower::ItemProgram& lowered, std::size_t input,
                      const std::vector<Element>& lines, const tensor::Shape& shape) {
  const std::span<std::byte> memory = executable.input(index(lowered.value_inputs[input]));
  const std::size_t element_bytes = tensor::info(island_.inputs[input].type.dtype).block_bytes;
  const tensor::Shape line = without_first(shape);
  const std::size_t line_bytes = element_bytes * static_cast<std::size_t>(line.elements());
  if (lowered.length_inputs[input] >= 0 && !memory.empty()) {
    std::memset(memory.data(), 0, memory.size());
    if (island_.inputs[input].type.dtype == tensor::DType::f32 && resources_.padding() != 0) {
      const std::span<float> elements(reinterpret_cast<float*>(memory.data()), memory.size() / sizeof(float));
      std::ranges::fill(elements, resources_.padding());
    }
    if (island_.inputs[input].type.from_tokens && resources_.padding() != 0) {
      const std::span<std::int32_t> ids(reinterpret_cast<std::int32_t*>(memory.data()),
                                        memory.size() / sizeof(std::int32_t));
      std::ranges::fill(ids, 1);
    }
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    copy_block(static_cast<const std::byte*>(lines[i].data), lines[i].shape, memory.data() + i * line_bytes, line,
               element_bytes);
  }
  if (lowered.length_inputs[input] < 0) return;
  const std::span<std::byte> lengths = executable.input(index(lowered.length_inputs[input]));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto length = static_cast<std::int32_t>(lines[i].shape[0]);
    std::memcpy(lengths.data() + i * sizeof length, &length, sizeof length);
  }
}

value::Ref ItemRunner::cut(const lower::ItemProgram& lowered, std::size_t result, std::int64_t line,
                           std::span<const std::byte> bytes, const program::TensorType& type) const {
  const tensor::Shape whole = without_first(type.shape);
  tensor::Shape shape = whole;
  for (const auto& [axis, input] : lowered.results[result].cuts)
    shape[axis - 1] = lengths_[index(input)][static_cast<std::size_t>(line)];
  const graph::Source& source = lowered.results[result].source;
  tensor::Allocator* memory = graph_.stages[index(source.stage)].memory.get();
  tensor::HostTensor out =
      memory != nullptr ? memory->allocate({type.dtype, shape}) : tensor::HostTensor(type.dtype, shape);
  const std::size_t element_bytes = tensor::info(type.dtype).block_bytes;
  const std::size_t line_bytes = element_bytes * static_cast<std::size_t>(whole.elements());
  copy_block(bytes.data() + static_cast<std::size_t>(line) * line_bytes, whole, out.data(), shape, element_bytes);
  return value::make_tensor(std::move(out));
}

std::vector<std::vector<value::Ref>> ItemRunner::run(const std::vector<const IslandInputs*>& items, Kept* kept,
                                                     int row) {
  lower::ItemKey key;
  std::vector<std::vector<Element>> lines(island_.inputs.size());
  for (std::size_t i = 0; i < island_.inputs.size(); ++i) {
    for (const IslandInputs* item : items) {
      for (const Element& element : elements(i, *(*item)[i])) lines[i].push_back(element);
    }
    if (lines[i].empty()) base::fail(base::ErrorKind::item, "the list for " + island_.inputs[i].name + " is empty");
    tensor::Shape shape{static_cast<std::int64_t>(lines[i].size())};
    lengths_[i].clear();
    std::int64_t longest = 0;
    for (const Element& line : lines[i]) {
      lengths_[i].push_back(line.shape.rank() > 0 ? line.shape[0] : 1);
      longest = std::max(longest, lengths_[i].back());
    }
    for (std::int64_t size : lines[i].front().shape) shape.push_back(size);
    if (shape.rank() > 1) shape[1] = island_.inputs[i].exact ? longest : length_bucket(longest);
    key.inputs.push_back(shape);
  }
  if (kept != nullptr) {
    key.rows = kept->rows;
    key.kept_capacity = kept->capacity;
  }
  Entry& found = entry(key);
  memory_lengths_.clear();
  for (const lower::MemoryLength& length : found.lowered.memory_lengths) {
    memory_lengths_.push_back(length.island_input < 0 ? length.full : lengths_[index(length.island_input)].front());
  }
  std::vector<std::vector<value::Ref>> out(items.size());
  if (found.lowered.empty()) return out;
  static const std::vector<std::unique_ptr<device::Buffer>> kNone;
  if (kept != nullptr) fit(*kept, found.lowered);
  device::Executable& executable = resources_.ready(found.prepared, kNone, kept != nullptr ? kept->buffers : kNone,
                                                    kept != nullptr ? kept->change : 0);
  for (std::size_t i = 0; i < island_.inputs.size(); ++i) fill(executable, found.lowered, i, lines[i], key.inputs[i]);
  if (found.lowered.row_input >= 0) {
    const auto number = static_cast<std::int32_t>(row);
    std::memcpy(executable.input(index(found.lowered.row_input)).data(), &number, sizeof number);
  }
  resources_.run(found.prepared);
  for (std::size_t r = 0; r < found.lowered.results.size(); ++r) {
    const program::TensorType& type = found.prepared.plan.tensors[found.prepared.plan.results[r]].type;
    const std::span<const std::byte> bytes = executable.result(r);
    const graph::EdgeType& declared = graph_.type(found.lowered.results[r].source);
    if (graph_.is_list(declared.dims.front())) {
      value::List list;
      for (std::int64_t line = 0; line < type.shape[0]; ++line)
        list.push_back(cut(found.lowered, r, line, bytes, type));
      out.front().push_back(value::make_list(std::move(list)));
    } else {
      for (std::size_t i = 0; i < items.size(); ++i)
        out[i].push_back(cut(found.lowered, r, static_cast<std::int64_t>(i), bytes, type));
    }
  }
  return out;
}

}  // namespace motet::runtime
