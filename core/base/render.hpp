// Diagnostics as text for people: the place, the message, the source line with a caret, notes and help.
//
//   zero-shot.yaml:7:96: error[M0207]: shapes do not fit on image_encoder.pooled -> seen.x
//       7 |   seen: {use: projector.linear, in: {x: image_encoder.pooled}}
//         |                                         ^ f32[B, 768] from image_encoder.pooled (line 4)
//         |   projector.linear takes f32[..., 512]
//      help: the image side uses visual_projection.weight
//
// Tabs are shown as spaces, control characters as '?', and of a long line only what lies around the caret, so that
// nothing in a file can disturb a terminal. Wide characters count two columns.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.hpp"
#include "base/error.hpp"

namespace motet::base {

// Ends with a newline. `colour`: with ANSI escapes.
std::string render(const Diagnostic& diagnostic, bool colour);
std::string render(const Diagnostics& diagnostics, bool colour);

// "item", "user", "environment", "plugin", "cancelled": as JSON has it.
std::string_view name(ErrorKind kind);

// Columns that well-formed UTF-8 takes on a terminal.
int display_width(std::string_view text);

}  // namespace motet::base
