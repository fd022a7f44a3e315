// What each diagnostic code means, for `motet explain`.
//
// M00xx text, structure and parameters of a pipeline file (spec); M01xx names and references (graph); M02xx types and
// shapes; M03xx weights; M04xx plugins; M05xx families; M06xx items at run time; M07xx devices. A code keeps its
// meaning for ever; a mistake that no longer exists leaves a gap.
#pragma once

#include <span>
#include <string_view>

namespace motet::base {

struct CodeInfo {
  std::string_view code;         // "M0207"
  std::string_view title;        // one line
  std::string_view explanation;  // 2 to 6 lines: what it means, an example, what to do
};

// All codes, sorted.
std::span<const CodeInfo> codes();

// nullptr where there is no such code. Takes "M0207", "m0207" and "207".
const CodeInfo* find_code(std::string_view code);

}  // namespace motet::base
