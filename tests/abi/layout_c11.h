/* The layout of every struct of the contract as text; 0 where it does not fit. */
#ifndef MOTET_TESTS_ABI_LAYOUT_C11_H
#define MOTET_TESTS_ABI_LAYOUT_C11_H

#include <stddef.h>

#ifdef __cplusplus
extern "C"
#endif
    int motet_test_layout_c11(char* out, size_t size);

#endif
