/* How tensor stages write operations. They never see data. */
#ifndef MOTET_BUILDER_H
#define MOTET_BUILDER_H

#include "stage.h"

/* A tensor of the program that is being written; 0 is absent; MOTET_POISON comes of a mistake and spreads, so that not
 * every step need be checked: the builder keeps the first mistake with its scope. Valid in the same build call. */
typedef uint32_t motet_tensor;

#define MOTET_POISON UINT32_MAX

typedef uint32_t motet_attribute_kind;

enum {
  MOTET_ATTRIBUTE_INTEGER = 0,
  MOTET_ATTRIBUTE_NUMBER = 1,
  MOTET_ATTRIBUTE_STRING = 2,
  MOTET_ATTRIBUTE_INTEGERS = 3
};

typedef struct motet_attribute {
  const char* key;
  motet_attribute_kind kind;
  uint32_t count; /* of integers */
  int64_t integer;
  double number;
  const char* string;
  const int64_t* integers;
} motet_attribute;

typedef uint32_t motet_state_kind;

enum { MOTET_STATE_APPEND = 1, MOTET_STATE_WINDOW = 2, MOTET_STATE_REPLACE = 3 };

typedef struct motet_builder motet_builder;

/* [in build, the calling thread] */
struct motet_builder {
  size_t struct_size;
  /* Writes one operation ("softmax/1"). `in` has an entry for each operand, 0 where absent; a shorter list means the
   * rest is absent. Returns the first output; `out` (may be NULL) gets all of them. */
  motet_tensor (*emit)(motet_builder* builder, const char* op, const motet_tensor* in, uint32_t n_in,
                       const motet_attribute* attributes, uint32_t n_attributes, motet_tensor* out, uint32_t n_out);
  /* dtype and shape (numbers only); MOTET_INTERNAL for absent and poison. */
  motet_status (*spec_of)(motet_builder* builder, motet_tensor tensor, motet_tensor_spec* spec);
  int (*has_op)(motet_builder* builder, const char* op);
  /* A weight declared in negotiate; 0 where it is optional and absent. */
  motet_tensor (*weight)(motet_builder* builder, const char* canonical);
  /* A state of a generator, empty where a sequence begins; the same name again is the same state. `sizes`:
   * {heads, head size} for APPEND (all earlier tokens) and {tokens, heads, head size} for WINDOW (the last ones), which
   * attention takes as its past; any of a row for REPLACE, which state_read and state_write take (a generator with one
   * gets one token of a row a step). */
  motet_tensor (*state)(motet_builder* builder, const char* name, motet_state_kind kind, const int64_t* sizes,
                        uint32_t rank);
  motet_tensor (*row)(motet_builder* builder);                            /* i32[N] of a generator's step */
  motet_tensor (*length_of)(motet_builder* builder, motet_tensor tensor); /* i32[B], of a batch's items; 0: all full */
  int (*slot_filled)(motet_builder* builder, const char* slot);
  /* Calls the filler's build with `in` followed by its own inputs, in the scope "<slot>.<index>": once each [C113]. */
  motet_status (*slot_build)(motet_builder* builder, const char* slot, uint32_t index, const motet_tensor* in,
                             uint32_t n_in, motet_tensor* out, uint32_t n_out);
  void (*enter_scope)(motet_builder* builder, const char* name); /* for printing and for states' names */
  void (*leave_scope)(motet_builder* builder);
  /* Keeps the first mistake of this build, with the scope. */
  void (*fail)(motet_builder* builder, const char* message);
};

/* "motet.tensor_stage/1" */
typedef struct motet_tensor_stage {
  size_t struct_size;
  /* in: one for each input port (a filler: ports from the caller first, as declared). [after negotiate; const] */
  motet_status (*build)(motet_call* call, const motet_stage* stage, motet_builder* builder, const motet_tensor* in,
                        uint32_t n_in, motet_tensor* out, uint32_t n_out);
} motet_tensor_stage;

/* The flat tokens of one step: N tokens of any mix of rows. */
typedef struct motet_step {
  size_t struct_size;
  motet_tensor tokens;    /* i32[N], ids */
  motet_tensor positions; /* i32[N], from 0 in each row */
  motet_tensor row;       /* i32[N], which sequence; -1: padding */
  motet_tensor feature;   /* i32[N], which vector of another modality, -1 for a word */
  motet_tensor want;      /* i32[W], indices of the tokens whose logits are wanted */
} motet_step;

typedef struct motet_generation { /* pointers live as long as the stage; it makes sense [C017] */
  size_t struct_size;
  int32_t start; /* the first token where no prompt is connected; -1: a prompt must be */
  uint32_t n_stop;
  const int32_t* stop; /* ids that end a sequence; not part of its output */
  uint32_t n_stop_strings;
  uint32_t reserved;
  const char* const* stop_strings; /* text that ends a sequence; not part of its output; needs the slot `text` */
  int64_t vocabulary;              /* the last dimension of the logits */
  int64_t max_positions;           /* prompt and output together never exceed it */
  int64_t max_tokens;              /* most tokens to generate; 0: up to max_positions */
} motet_generation;

/* "motet.generator/1". Output ports are logits f32[W, V], and the streams tokens and text. */
typedef struct motet_generator {
  size_t struct_size;
  motet_status (*generation)(motet_call* call, const motet_stage* stage, motet_generation* out); /* [after negotiate] */
  /* Writes one step: logits f32[W, vocabulary]. [after negotiate; const] */
  motet_status (*build)(motet_call* call, const motet_stage* stage, motet_builder* builder, const motet_step* step,
                        const motet_tensor* in, uint32_t n_in, motet_tensor* logits);
} motet_generator;

#endif
