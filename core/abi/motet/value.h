/* Values: what flows between stages, one item each. Immutable, counted by the host. */
#ifndef MOTET_VALUE_H
#define MOTET_VALUE_H

#include "tensor_spec.h"

typedef struct motet_value motet_value;

typedef uint32_t motet_value_kind;

enum {
  MOTET_VALUE_TEXT = 1,
  MOTET_VALUE_IMAGE = 2,
  MOTET_VALUE_AUDIO = 3,
  MOTET_VALUE_TABLE = 4,
  MOTET_VALUE_TOKENS = 5,
  MOTET_VALUE_TENSOR = 6,
  MOTET_VALUE_LIST = 7
};

/* Views live as long as the value, are only read [C055], within their sizes [C054]; you set struct_size [C058] */

typedef struct motet_text_view { /* UTF-8, whole characters, not terminated */
  size_t struct_size;
  const char* data;
  size_t size_bytes;
} motet_text_view;

typedef struct motet_image_view { /* u8, height x width x channels, sRGB; or only `path`, of an encoded file */
  size_t struct_size;
  const uint8_t* pixels; /* NULL where only `path` is given */
  uint32_t height, width, channels, reserved;
  const char* path; /* UTF-8, terminated; NULL where pixels are given */
} motet_image_view;

typedef struct motet_audio_view { /* f32 in [-1, 1], frames x channels interleaved; or only `path`, of an encoded file
                                   */
  size_t struct_size;
  const float* samples; /* NULL where only `path` is given */
  uint64_t frames;
  uint32_t channels;
  uint32_t rate_hz;
  const char* path; /* UTF-8, terminated; NULL where samples are given */
} motet_audio_view;

typedef struct motet_tokens_view {
  size_t struct_size;
  const int32_t* ids; /* count of them */
  size_t count;
  const int32_t* feature;  /* which feature vector stands here, -1 for a word; NULL: all words */
  const int32_t* type_ids; /* segment of each token; NULL: all 0 */
  const uint32_t* offsets; /* begin and end of each token in the text, in characters: 2 * count; NULL: not known */
} motet_tokens_view;

typedef struct motet_tensor_view { /* row-major */
  size_t struct_size;
  motet_dtype dtype;
  uint32_t rank;
  int64_t sizes[MOTET_MAX_RANK];
  const void* data;
  size_t size_bytes;
} motet_tensor_view;

#endif
