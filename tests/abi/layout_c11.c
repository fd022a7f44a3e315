/* The contract's headers as C11 sees them. */
#include "abi/layout_c11.h"

#include <motet/abi.h>
#include <stddef.h>
#include <stdio.h>

#include "abi/layout_fields.h"

#if __STDC_VERSION__ < 201112L
#error "the contract is C11"
#endif

int motet_test_layout_c11(char* out, size_t size) {
  size_t used = 0;
#define S(type) used += (size_t)snprintf(out + used, used < size ? size - used : 0, "%s %zu\n", #type, sizeof(type));
#define F(type, field) \
  used += (size_t)snprintf(out + used, used < size ? size - used : 0, "  %s %zu\n", #field, offsetof(type, field));
  MOTET_LAYOUT(S, F)
#undef S
#undef F
  return used < size;
}
