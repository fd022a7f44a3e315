#include <motet/abi.h>

const motet_plugin_entry* entry_of(const motet_plugin_entry* entry);
const motet_plugin_entry* entry_of(const motet_plugin_entry* entry) {
  return entry->abi_major == MOTET_ABI_MAJOR ? entry : 0;
}
