/* What a plugin may ask. The table lives as long as the library is loaded; a later version's may be longer [C071]. */
#ifndef MOTET_HOST_H
#define MOTET_HOST_H

#include "value.h"

/* One call into a plugin. Errors, progress, cancellation and scratch memory belong to it, so parallel calls do not
 * mix. Valid until the call returns [C011]. */
typedef struct motet_call motet_call;

/* A file as a tree: YAML, JSON, or the metadata of a GGUF file. Nodes live until the document is closed. */
typedef struct motet_document motet_document;
typedef struct motet_node motet_node;

typedef uint32_t motet_node_kind;

enum {
  MOTET_NODE_NULL = 0,
  MOTET_NODE_BOOL = 1,
  MOTET_NODE_INTEGER = 2,
  MOTET_NODE_NUMBER = 3,
  MOTET_NODE_STRING = 4,
  MOTET_NODE_LIST = 5,
  MOTET_NODE_MAP = 6
};

typedef uint32_t motet_log_level;

enum { MOTET_LOG_DEBUG = 0, MOTET_LOG_INFO = 1, MOTET_LOG_WARNING = 2, MOTET_LOG_ERROR = 3 };

/* Where a canonical weight lies in the weights file that the stage (or, for a slot's filler without weights of its
 * own, its caller) names. The logical weight is the file's tensor, then its part `part` of `parts` equal pieces along
 * the first dimension (parts 0 or 1: all of it). */
typedef struct motet_weight_source {
  size_t struct_size;
  const char* canonical; /* "layers.0.query", "cross_attention.0.query" */
  const char* name;      /* in the file, before the user's prefix */
  uint32_t part;
  uint32_t parts;
} motet_weight_source;

enum {
  MOTET_WEIGHT_OPTIONAL = 1u,
  MOTET_WEIGHT_I32 = 2u /* i32 is taken too, as it is: indices, for example; since 1.1 */
};

/* A weight that a stage needs, by its canonical name. */
typedef struct motet_weight_request {
  size_t struct_size;
  const char* canonical;
  uint32_t rank;
  uint32_t flags;                 /* MOTET_WEIGHT_* */
  motet_dim dims[MOTET_MAX_RANK]; /* numbers, or symbols that the file's header binds */
  const char* init;               /* how training makes it: "zeros", "ones", "normal", "xavier"; NULL: "normal" */
} motet_weight_request;

/* The stage that fills a slot, for callers that use one of its extensions directly (tokenizer, sampler). */
struct motet_stage_type;
struct motet_stage;
typedef struct motet_filler {
  size_t struct_size;
  const struct motet_stage_type* type;
  struct motet_stage* stage;
} motet_filler;

typedef struct motet_host {
  size_t struct_size;
  uint32_t abi_major;
  uint32_t abi_minor;
  const char* name;    /* "motet" */
  const char* version; /* "0.1.0" */

  /* Errors. [in a call, its thread] `path` names the port, parameter, weight or slot that is to blame ("in.x",
   * "with.file", "weights.query", "slots.text"), NULL: none. Strings are copied. The first failure of a call is kept.
   */
  void (*fail)(motet_call* call, motet_status status, const char* path, const char* message);
  /* Why the last host function of this call failed, terminated, until the next one; "" where none did. */
  const char* (*last_error)(motet_call* call);

  /* [any thread, in a call] */
  void (*log)(motet_call* call, motet_log_level level, const char* message);
  void (*progress)(motet_call* call, uint64_t done, uint64_t total);
  int (*should_cancel)(motet_call* call); /* then the call gives up with MOTET_CANCELLED [C109] */
  /* Memory until the call returns, aligned to 64 bytes, full of rubbish [C056]; NULL where there is none left. */
  void* (*scratch)(motet_call* call, size_t size_bytes);

  /* Values. [any thread, in a call]. A function that makes a value gives the caller a reference [C059]. */
  motet_value_kind (*value_kind)(const motet_value* value);
  /* Fills the view of this kind (motet_text_view, ...); MOTET_INVALID_ITEM where the value is of another kind. */
  motet_status (*value_view)(motet_call* call, const motet_value* value, motet_value_kind kind, void* view);
  /* Copies what the view shows. Text must be UTF-8. */
  motet_status (*value_new)(motet_call* call, motet_value_kind kind, const void* view, motet_value** out);
  /* A tensor whose elements the caller writes at *data before its call returns. */
  motet_status (*tensor_new)(motet_call* call, motet_dtype dtype, uint32_t rank, const int64_t* sizes, void** data,
                             motet_value** out);
  /* The list takes references of its own. */
  motet_status (*list_new)(motet_call* call, motet_value* const* items, size_t count, motet_value** out);
  size_t (*list_size)(const motet_value* list);
  const motet_value* (*list_at)(const motet_value* list, size_t index); /* borrowed */
  motet_value* (*value_retain)(const motet_value* value);
  void (*value_release)(motet_value* value);

  /* Documents. [any thread, in a call]. Paths as the parameter gave them. `family:NAME` opens the family file
   * families/NAME.yaml beside the plugin's library. */
  motet_status (*open_document)(motet_call* call, const char* path, motet_document** out);
  void (*close_document)(motet_document* document);
  const motet_node* (*document_root)(const motet_document* document);
  motet_node_kind (*node_kind)(const motet_node* node);
  size_t (*node_size)(const motet_node* node);                        /* of a list or map */
  const motet_node* (*node_at)(const motet_node* node, size_t index); /* element or map value; NULL: outside */
  void (*node_key_at)(const motet_node* node, size_t index, motet_text_view* out); /* key of a map's entry */
  const motet_node* (*node_find)(const motet_node* node, const char* key);         /* NULL: no such key, or no map */
  int (*node_bool)(const motet_node* node);
  int64_t (*node_integer)(const motet_node* node); /* a number is truncated */
  double (*node_number)(const motet_node* node);
  void (*node_string)(const motet_node* node, motet_text_view* out);

  /* Weights of the stage that is being created or negotiated. [in create and negotiate, C012] */
  const char* (*weights_path)(motet_call* call);   /* as the pipeline names it: a folder or file; NULL: none given */
  const char* (*weights_format)(motet_call* call); /* "safetensors", "gguf"; NULL: none given */
  int (*weights_has)(motet_call* call, const char* name);
  /* Tells where a canonical weight lies; without it, a weight lies under its canonical name. A later call for the same
   * canonical name replaces an earlier one. */
  motet_status (*weight_source)(motet_call* call, const motet_weight_source* source);
  /* Declares a weight that build() will ask for; fills *bound with its true dtype and shape (dtype MOTET_NONE: optional
   * and absent). One that is missing or ill-shaped is reported by the host, and so is one for a stage that builds whose
   * elements are neither floating nor quantised, nor i32 where the request takes those. */
  motet_status (*declare_weight)(motet_call* call, const motet_weight_request* request, motet_tensor_spec* bound);
  /* A symbol that stands for a size not known yet. */
  uint32_t (*fresh_symbol)(motet_call* call);

  /* The filler of a slot of the stage that this call is for; MOTET_UNSUPPORTED where the slot is empty. */
  motet_status (*slot)(motet_call* call, const char* name, motet_filler* out);

  /* What a stage tells the filler of its slot before the host negotiates the filler: facts of the model that the
   * pipeline's author should not repeat ("heads" "8", "norm.eps" "1e-5"). [offer: in the owner's negotiate; offered: in
   * the filler's negotiate; NULL: nothing under this key] */
  motet_status (*offer)(motet_call* call, const char* slot, const char* key, const char* text);
  const char* (*offered)(motet_call* call, const char* key);
} motet_host;

#endif
