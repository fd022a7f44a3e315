// 49: what a stage writes is a part of a program that others write too.
#include <algorithm>

#include "verify/neighbours.hpp"
#include "verify/trial.hpp"
#include "verify/values.hpp"

namespace motet::verify::families {
namespace {

value::Ref doubled(const value::Ref& given) {
  const tensor::HostTensor& from = given->tensor();
  tensor::HostTensor out(from.dtype(), from.shape());
  std::transform(from.as<float>().begin(), from.as<float>().end(), out.as<float>().begin(),
                 [](float one) { return 2 * one; });
  return value::make_tensor(std::move(out));
}

// The outputs on the device; nothing where there is no such device.
std::vector<runtime::ItemResult> outputs(Subject& subject, const std::vector<runtime::Item>& items,
                                         const std::string& device) {
  try {
    return subject.run(items, device);
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::environment || device == "cpu") throw;
    return {};
  }
}

void compare(const std::vector<runtime::ItemResult>& alone, const std::vector<runtime::ItemResult>& joined,
             const graph::Graph& graph, const Neighbours& neighbours, const std::string& device) {
  for (std::size_t i = 0; i < joined.size(); ++i) {
    expect(alone[i].error.has_value() == joined[i].error.has_value(),
           "on " + device + " an item fails between other tensor stages and not alone, or the other way: " +
               (alone[i].error    ? alone[i].error->what()
                : joined[i].error ? joined[i].error->what()
                                  : ""));
    for (std::size_t o = 0; o < joined[i].outputs.size(); ++o) {
      const bool twice = neighbours.behind.contains(graph.outputs[o].name);
      const value::Ref wanted = twice ? doubled(alone[i].outputs[o]) : alone[i].outputs[o];
      const std::string differs = far_apart(*wanted, *joined[i].outputs[o]);
      expect(differs.empty(),
             "on " + device + " a result is not as alone in one program with other stages: " + differs);
    }
  }
}

// The pipeline as far as this stage, whose outputs are what comes of it.
void end_behind(graph::Graph& graph, int at) {
  const graph::Stage& last = graph.stages[static_cast<std::size_t>(at)];
  graph.outputs.clear();
  for (std::size_t port = 0; port < last.output_types.size(); ++port)
    graph.outputs.push_back({last.type->outputs[port].name, {at, static_cast<int>(port), last.place}});
  auto end = graph.stages.begin() + at + 1;
  while (end != graph.stages.end() && end->owner >= at) ++end;  // what fills its slots, and theirs
  graph.stages.erase(end, graph.stages.end());
}

void joined_as_alone(Trial& trial) {
  Subject& subject = trial.subject();
  if (subject.stage().owner >= 0) skip("it fills a slot, and is always a part of its owner");
  end_behind(subject.graph(), subject.at());
  const Neighbours neighbours = neighbours_of(subject.graph(), subject.at());
  if (neighbours.before.empty() && neighbours.behind.empty())
    skip("it gives no f32, and takes none of its pipeline's inputs");
  std::vector<runtime::Item> items = subject.pipeline_items();
  for (const std::int64_t size : {0, 1, 17, 255, 256, 257}) {
    if (std::optional<runtime::Item> item = subject.item_of_size(size)) items.push_back(std::move(*item));
  }
  std::vector<runtime::Item> as_neighbours_give = items;
  for (runtime::Item& item : as_neighbours_give) {
    for (const std::string& input : neighbours.before) item.inputs[input] = doubled(item.inputs[input]);
  }
  const std::vector<runtime::ItemResult> alone = outputs(subject, as_neighbours_give, "cpu");
  // Each shape has a program of its own, and those of a driver in software take long to make.
  as_neighbours_give.resize(1);
  std::vector<runtime::ItemResult> alone_there;
  if (trial.hard()) alone_there = outputs(subject, as_neighbours_give, "vulkan");
  add_neighbours(subject.graph(), subject.at(), neighbours);
  compare(alone, outputs(subject, items, "cpu"), subject.graph(), neighbours, "cpu");
  if (alone_there.empty()) return;
  items.resize(1);
  compare(alone_there, outputs(subject, items, "vulkan"), subject.graph(), neighbours, "vulkan");
}

}  // namespace

std::span<const Check> joined() {
  static constexpr Check kChecks[] = {
      {49, "joined_as_alone",
       "In one program with other stages before and behind it a stage gives what it gives alone, on both devices.",
       "It works in the pipeline that it was made for, and in no other.", "kit", On::tensor_stage, kNormal,
       joined_as_alone},
  };
  return kChecks;
}

}  // namespace motet::verify::families
