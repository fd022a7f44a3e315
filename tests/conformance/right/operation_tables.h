/* The tables of an operation and the stage that writes it; see operation.h. No guard: once a plugin. */
#ifndef OPERATION_ID
#define OPERATION_ID PLUGIN_ID ".mean/1"
#endif
#ifndef INFER
#define INFER right_infer
#endif
#ifndef COMPUTE
#define COMPUTE right_compute
#endif
#ifndef COST
#define COST right_cost
#endif
#ifndef GLSL
#define GLSL RIGHT_GLSL
#endif

static const motet_operand kOperands[] = {{sizeof(motet_operand), "x", "rows", MOTET_F32, 0}};
static const motet_operand kResults[] = {{sizeof(motet_operand), "y", "their means", MOTET_F32, 0}};
static const motet_attribute_def kAttributes[] = {
    {sizeof(motet_attribute_def), "reach", "elements to each side", MOTET_ATTRIBUTE_INTEGER, 0, 1, 0, 64}};
static const motet_operation kOperation = {sizeof(motet_operation),
                                           OPERATION_ID,
                                           "y = the mean of the elements around",
                                           kOperands,
                                           kResults,
                                           kAttributes,
                                           1,
                                           1,
                                           1,
                                           0,
                                           GLSL,
                                           INFER,
                                           COMPUTE,
                                           COST};
static const motet_operation* const kOperationList[] = {&kOperation};
static const motet_operations kOperations = {sizeof kOperations, 1, 0, kOperationList};
#define OPERATIONS &kOperations

static motet_status writes(motet_call* call, const motet_stage* stage, motet_builder* g, const motet_tensor* in,
                           uint32_t n_in, motet_tensor* out, uint32_t n_out) {
  (void)call, (void)stage, (void)n_in, (void)n_out;
  return emitting(g, OPERATION_ID, in[0], out);
}
#define BUILD writes
#ifndef OUTPUT_TYPE
#define OUTPUT_TYPE "f32[..., D]"
#endif
#define NEGOTIATE NULL
#include "tensor_stage_tables.h"
