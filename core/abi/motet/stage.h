/* Stage types: what a plugin offers, and the life of one instance. */
#ifndef MOTET_STAGE_H
#define MOTET_STAGE_H

#include "host.h"

typedef struct motet_stage motet_stage; /* the plugin's own instance */

enum {
  MOTET_PORT_OPTIONAL = 1u,
  MOTET_PORT_RAGGED_PAD = 2u,   /* items of different lengths share a batch, padded, with their lengths */
  MOTET_PORT_RAGGED_EXACT = 4u, /* only items of equal length share a batch */
  MOTET_PORT_FROM_CALLER = 8u,  /* of a slot's filler: given by the stage that has the slot */
  MOTET_PORT_STREAM = 16u,      /* an output that arrives in pieces */
  MOTET_PORT_WHOLE_LIST = 32u   /* takes a list as one value; otherwise the host calls once for each element */
};

/* Types of ports, alternatives separated by '|': text, image, audio, table, tokens; a list with [] ("text[]"); a tensor
 * as dtype and dimensions ("f32[B, T, D]", "f32[..., D]", "i32[N]"), where letters are symbols of the stage. A tensor
 * stage's first dimension is the batch; the same value on a host stage's port has no batch. A tensor stage gets tokens
 * as i32[B, T]. */
typedef struct motet_port {
  size_t struct_size;
  const char* name;
  const char* type;
  const char* help;
  uint32_t flags; /* MOTET_PORT_* */
  uint32_t reserved;
} motet_port;

typedef uint32_t motet_param_kind;

enum {
  MOTET_PARAM_BOOL = 1,
  MOTET_PARAM_INT = 2,
  MOTET_PARAM_FLOAT = 3,
  MOTET_PARAM_STRING = 4,
  MOTET_PARAM_PATH = 5, /* a file or folder; arrives absolute */
  MOTET_PARAM_STRINGS = 6
};

typedef struct motet_param {
  size_t struct_size;
  const char* name;
  const char* help;
  motet_param_kind kind;
  uint32_t required;
  const char* otherwise; /* the default [C042], written as in YAML; NULL: none, the parameter may be absent */
  double minimum;        /* of numbers; -INFINITY and INFINITY: none. All between is taken or refused [C040] [C045] */
  double maximum;
  const char* const* choices; /* of strings, ended by NULL; NULL: any, and one refused is named [C041] */
} motet_param;

typedef struct motet_param_value {
  size_t struct_size;
  const char* name;
  motet_param_kind kind; /* 0: absent, without default [C044] */
  uint32_t reserved;
  int64_t integer; /* bool and int */
  double number;   /* int and float */
  const char* string;
  size_t count; /* of strings */
  const char* const* strings;
} motet_param_value;

/* Every declared parameter once, in order, checked; values->struct_size apart [C072]; gone after create [C043]. */
typedef struct motet_params {
  size_t struct_size;
  size_t count;
  const motet_param_value* values;
} motet_params;

typedef struct motet_slot_def {
  size_t struct_size;
  const char* name;
  const char* kind; /* the kind of stage that may fill it: "cross_attention", "sampler", "tokenizer" */
  const char* help;
  uint32_t required; /* 0: it works without, or names the slot [C112]. What fills one is used [C111] */
  uint32_t reserved;
} motet_slot_def;

enum { MOTET_SERIAL = 1, MOTET_PARALLEL = 2 };               /* concurrency of calls for one instance [C014] */
enum { MOTET_PURE = 1, MOTET_SEEDED = 2, MOTET_IMPURE = 3 }; /* determinism: what may be cached */

/* Pure: the same well-formed [C016] answers for the same inputs, as often as asked [C015], without a device. */
typedef struct motet_negotiation {
  size_t struct_size;
  uint32_t n_inputs; /* one for each input port, dtype MOTET_NONE where nothing is connected or it is no tensor */
  uint32_t n_outputs;
  const motet_tensor_spec* inputs; /* one that does not fit is refused as "in.NAME" [C050] */
  motet_tensor_spec* outputs;      /* filled by the host from the ports' types; the plugin may overwrite them */
} motet_negotiation;

typedef struct motet_stage_type {
  size_t struct_size;
  const char* id;      /* "encoder.transformer" */
  const char* kind;    /* what slots ask for: "encoder", "decoder", "tokenizer", "sampler", "cross_attention", ... */
  const char* summary; /* one sentence */
  const char* example; /* YAML of one stage, which works as it stands [C048] */
  const motet_port* inputs;
  const motet_port* outputs;
  const motet_param* params;
  const motet_slot_def* slots;
  uint32_t n_inputs, n_outputs, n_params, n_slots;
  uint32_t concurrency;
  uint32_t determinism;

  /* Lifecycle [C013]: create, negotiate, (negotiate | build | process)*, destroy; on any threads [C037] [C038]. */
  /* Sets *out [C007]. [any thread; parameters checked; reads small files, no weights] */
  motet_status (*create)(motet_call* call, const motet_host* host, const motet_params* params, motet_stage** out);
  /* Frees all [C032], at any time [C036]. [no other call for this instance; NULL is allowed and does nothing, C034] */
  void (*destroy)(motet_stage* stage);
  /* [after create; one at a time for an instance]. NULL: the host's reading of the ports' types is all there is. */
  motet_status (*negotiate)(motet_call* call, motet_stage* stage, motet_negotiation* negotiation);
  /* The table of an extension by id ("motet.host_stage/1"), NULL where the type has none. [any thread, any time] */
  const void* (*extension)(const char* id);
} motet_stage_type;

/* "motet.host_stage/1" */
typedef struct motet_host_stage {
  size_t struct_size;
  /* One item. inputs[i] is NULL where an optional port is not connected. Every output is set [C008], of its kind
   * [C009], a reference each [C010]; the rest freed [C033]. [negotiated; any thread, in parallel where it says so]
   */
  motet_status (*process)(motet_call* call, motet_stage* stage, const motet_value* const* inputs, size_t n_inputs,
                          motet_value** outputs, size_t n_outputs);
} motet_host_stage;

enum { MOTET_ADD_SPECIAL = 1u, MOTET_SKIP_SPECIAL = 2u };

/* "motet.tokenizer/1" */
typedef struct motet_tokenizer {
  size_t struct_size;
  /* Any text [C098] to tokens [C115] [C116]. flags: MOTET_ADD_SPECIAL [C117]. [after negotiate; any thread] */
  motet_status (*encode)(motet_call* call, const motet_stage* stage, const char* text, size_t size_bytes,
                         uint32_t flags, motet_value** tokens);
  /* Any ids [C099] to text [C101]; bytes that form no character yet become U+FFFD. flags: MOTET_SKIP_SPECIAL. */
  motet_status (*decode)(motet_call* call, const motet_stage* stage, const int32_t* ids, size_t count, uint32_t flags,
                         motet_value** text);
  /* -1: no such token [C100]. What a special token decodes to is its name [C118]. */
  int32_t (*token_id)(const motet_stage* stage, const char* token, size_t size_bytes);
} motet_tokenizer;

/* What a sampler sees of one row: that and its seed decide [C102] [C104] [C105] [C119], for a token that is [C018]. */
typedef struct motet_sampling {
  size_t struct_size;
  const float* logits; /* f32[vocabulary] */
  size_t vocabulary;
  const int32_t* history; /* prompt and what was generated, oldest first */
  size_t n_history;
  uint64_t step; /* tokens generated so far in this sequence: with the seed it decides the random numbers */
} motet_sampling;

/* "motet.sampler/1" */
typedef struct motet_sampler {
  size_t struct_size;
  /* Not 0 where sample() always gives the largest logit, the lowest of several [C103]: it stays on the device then. */
  int (*greedy)(const motet_stage* stage);
  motet_status (*sample)(motet_call* call, const motet_stage* stage, const motet_sampling* sampling, int32_t* id);
} motet_sampler;

#endif
