// Where boxes stand in a layered drawing, top to bottom.
//
// Layers by longest path (Sugiyama's way): long edges get a place in each layer they cross, the order within layers is
// found by sweeps over the neighbours' means, and positions by least squares under that order.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace motet::report {

struct LayerNode {
  double width = 0, height = 0;
  bool late = false;  // stands just above the first that takes from it, rather than at the top
};

struct Point {
  double x = 0, y = 0;
};

struct Layout {
  std::vector<Point> centers;             // by node
  std::vector<std::vector<Point>> bends;  // by edge: places in the layers that it crosses
  double width = 0, height = 0;
};

// `edges`: (from, to), each to a later node than from.
Layout lay_out(const std::vector<LayerNode>& nodes, const std::vector<std::pair<std::size_t, std::size_t>>& edges,
               double gap_x, double gap_y);

}  // namespace motet::report
