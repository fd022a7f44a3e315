/* C097: the shader's window ends one element early. */
#include "operation.h"
#define GLSL                                                                   \
  "float y_at(uint i) {\n"                                                     \
  "  const int width = int(x_size(-1)), n = int(i % y_size(-1));\n"            \
  "  const int first = max(n - reach, 0), last = min(n + reach, width - 1);\n" \
  "  float sum = 0.0;\n"                                                       \
  "  for (int j = first; j < last; ++j)\n"                                     \
  "    sum += x_at(i / y_size(-1) * uint(width) + uint(j));\n"                 \
  "  return sum / float(last - first + 1);\n"                                  \
  "}\n"
#include "operation_tables.h"
