// A plugin against the bare contract, right unless compiled with one defect: what a loader must notice.
#include <motet/abi.h>

#include <cmath>
#include <cstring>
#include <stdexcept>

#ifndef TYPE_ID
#define TYPE_ID "contract.echo"
#endif
#ifndef PLUGIN_ID
#define PLUGIN_ID "contract"
#endif

#ifdef DEFECT_UNDEFINED
extern "C" void motet_test_function_that_nobody_has();
#endif

namespace {

const motet_port kIn[] = {{sizeof(motet_port), "x", "text", "any text", 0, 0}};
const motet_port kOut[] = {{sizeof(motet_port), "y", "text", "", 0, 0}};
const char* const kChoices[] = {"a", "b", nullptr};
const motet_param kParams[] = {
    {sizeof(motet_param), "mode", "how", MOTET_PARAM_STRING, 0, "a", -INFINITY, INFINITY, kChoices},
    {sizeof(motet_param), "count", "how often", MOTET_PARAM_INT, 1, nullptr, 0, 9, nullptr},
};
const motet_slot_def kSlots[] = {{sizeof(motet_slot_def), "text", "tokenizer", "", 0, 0}};

motet_status create(motet_call*, const motet_host*, const motet_params*, motet_stage** out) {
  static int something;
  *out = reinterpret_cast<motet_stage*>(&something);
  return MOTET_OK;
}
void destroy(motet_stage*) {}
motet_status process(motet_call*, motet_stage*, const motet_value* const*, size_t, motet_value**, size_t) {
  return MOTET_OK;
}

const void* extension(const char* id) {
#ifdef DEFECT_UNDEFINED
  motet_test_function_that_nobody_has();
#endif
  static const motet_host_stage table = {sizeof(motet_host_stage), process};
  return id[6] == 'h' && id[7] == 'o' ? &table : nullptr;
}

const motet_stage_type kType = {
#ifdef DEFECT_SIZE
    8,
#else
    sizeof(motet_stage_type),
#endif
    TYPE_ID, "text", "Says it again.", "",         kIn,    kOut,    kParams, kSlots, 1, 1,
    2,       1,      MOTET_PARALLEL,   MOTET_PURE, create, destroy, nullptr,
#ifdef DEFECT_NO_EXTENSION
    nullptr
#else
    extension
#endif
};
const motet_stage_type* const kTypes[] = {&kType, &kType};

const void* get_factory(const char* id) {
#ifdef DEFECT_THROWS
  throw std::runtime_error("not today");
#endif
  if (std::strcmp(id, "motet.stage_types/1") != 0) return nullptr;
  static const motet_stage_types table = {sizeof(motet_stage_types),
#ifdef DEFECT_TWICE
                                          2,
#else
                                          1,
#endif
                                          0, kTypes};
  return &table;
}

}  // namespace

#ifndef ABI_MAJOR
#define ABI_MAJOR MOTET_ABI_MAJOR
#endif
#ifndef ABI_MINOR
#define ABI_MINOR MOTET_ABI_MINOR
#endif

#ifdef DEFECT_NO_SYMBOL
#define SYMBOL motet_plugin_of_another_name
#else
#define SYMBOL motet_plugin
#endif

MOTET_EXPORT const motet_plugin_entry SYMBOL;
const motet_plugin_entry SYMBOL = {sizeof(motet_plugin_entry), ABI_MAJOR, ABI_MINOR, PLUGIN_ID, "1.2.3", get_factory};
