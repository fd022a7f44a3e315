/* Operations of a plugin's own. Stages write them like Motet's: emit(builder, "wave.fold/1", ...).
 *
 * Each element of an output is a function of the operands, the attributes and its place. A plugin says it twice: in C,
 * which the cpu device calls for ranges of elements, and as a GLSL body, of which Motet makes a compute shader. */
#ifndef MOTET_OPERATION_H
#define MOTET_OPERATION_H

#include "builder.h"

enum { MOTET_OPERAND_OPTIONAL = 1u };

/* An operand or an output. */
typedef struct motet_operand {
  size_t struct_size;
  const char* name; /* as the GLSL body has it: [a-z][a-z0-9_]*, no two underscores in a row */
  const char* help;
  motet_dtype dtype; /* MOTET_F32 or MOTET_I32; weights that are stored otherwise arrive as f32 */
  uint32_t flags;    /* MOTET_OPERAND_*; of operands only */
} motet_operand;

typedef struct motet_attribute_def {
  size_t struct_size;
  const char* name; /* like an operand's; none of both has the same */
  const char* help;
  motet_attribute_kind kind; /* MOTET_ATTRIBUTE_INTEGER, of 32 bits, or MOTET_ATTRIBUTE_NUMBER */
  uint32_t required;
  double otherwise; /* the default, where it is not required */
  double minimum;   /* -INFINITY and INFINITY: none */
  double maximum;
} motet_attribute_def;

/* One use of an operation in a program. Everything it points to lives until the call returns. */
typedef struct motet_use motet_use;
struct motet_use {
  size_t struct_size;
  uint32_t n_inputs, n_outputs, n_attributes, reserved;
  const motet_tensor_view* const* inputs;  /* one for each operand, NULL where it is absent; `data` in compute only, and
                                              NULL there too where there is no element */
  const motet_tensor_view* const* outputs; /* as infer said, without data; in infer itself NULL, and n_outputs 0 */
  const motet_attribute* attributes; /* one for each declared, in that order: given or default, within its range */
  /* Why the call fails, copied; the first one counts. */
  void (*fail)(const motet_use* use, const char* message);
};

/* All functions are pure: the same answer for the same use, as often as asked, on any thread, several at once. A status
 * other than MOTET_OK wants one use->fail() before: MOTET_INVALID_PARAMETER or MOTET_INVALID_ITEM where the operands do
 * not suit, MOTET_INTERNAL where the plugin has a defect.
 *
 * `glsl` (version 4.50) defines for each output y of type f32 or i32
 *
 *   float y_at(uint i)     or     int y_at(uint i)          element i of y, counted row by row
 *
 * and may define whatever else it needs; what it writes at the top level is its own. It finds, for each operand x,
 *
 *   float x_at(uint i)     or     int x_at(uint i)          NaN, or -2147483648, where i is outside
 *   uint x_count()                                          elements; 0 where it is absent
 *   uint x_rank()    uint x_size(int axis)                  its dimensions; a negative axis counts from the last
 *   bool x_given()                                          false: absent
 *
 * the last four for each output y too (y_count, y_rank, y_size), each attribute a as a variable (int or float), and
 * functions to about 1e-7, where GLSL's own may have four digits: exp_exact, log_exact, tanh_exact, sigmoid_exact,
 * erf_exact, sin_exact, cos_exact, pow_exact. Names that begin with motet_ are Motet's. */
typedef struct motet_operation {
  size_t struct_size;
  const char* id; /* "wave.fold/1": words of [a-z][a-z0-9_]* with at least one dot between (names without are Motet's),
                     and a version, which changes with the meaning */
  const char* summary; /* the formula in one line */
  const motet_operand* inputs;
  const motet_operand* outputs;
  const motet_attribute_def* attributes;
  uint32_t n_inputs, n_outputs, n_attributes; /* 1 to 8, 1 to 4, 0 to 16 */
  uint32_t reserved;
  const char* glsl;
  /* The shape rule. `outputs` come with their declared types and the shape of the first operand; only rank and dims may
   * be changed, to numbers. NULL: they are that. */
  motet_status (*infer)(const motet_use* use, motet_tensor_spec* const* outputs);
  /* Elements [begin, end) of output number `output`, to `to`, whose first is element `begin`. Reads operands [C057]. */
  motet_status (*compute)(const motet_use* use, uint32_t output, int64_t begin, int64_t end, void* to);
  /* Rounds of the loops that make one element, at most 30,000: long work is cut by it, for cores and for watchdogs.
   * NULL: 1. May be beyond the struct's size. */
  int64_t (*cost)(const motet_use* use, uint32_t output);
} motet_operation;

/* "motet.operations/1", a factory of the entry */
typedef struct motet_operations {
  size_t struct_size;
  uint32_t count;
  uint32_t reserved;
  const motet_operation* const* operations;
} motet_operations;

#endif
