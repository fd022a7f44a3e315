// Where an element of a broadcast result lies in dense operands: `mask` has a bit for each dimension that the operand
// has (the others have size 1 there). RANK dimensions, the last one fastest.
#ifndef BROADCAST_GLSL
#define BROADCAST_GLSL

layout(constant_id = 2) const uint RANK = 1;

#define BROADCAST_OFFSET(element, sizes, mask, result) \
  {                                                    \
    uint rest_ = (element);                            \
    uint stride_ = 1u;                                 \
    result = 0u;                                       \
    for (int d_ = int(RANK) - 1; d_ >= 0; --d_) {      \
      const uint at_ = d_ == 0 ? rest_ : rest_ % sizes[d_]; \
      if (d_ != 0) rest_ /= sizes[d_];                 \
      if (((mask) >> d_ & 1u) != 0u) {                 \
        result += at_ * stride_;                       \
        stride_ *= sizes[d_];                          \
      }                                                \
    }                                                  \
  }

#endif
