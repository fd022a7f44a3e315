// Stands before the C library's allocations, reads and memory maps, and lets the n-th of them fail.
//
// A program that links this library first, or is started with it in LD_PRELOAD, calls these functions in the place of
// the C library's, with all its libraries and plugins. What the C library and the dynamic linker do among themselves
// (its own opening of a library's file, say) passes by.
//
// Started with MOTET_FAULTS=<kind>:<n>:<file> the n-th call of main and what comes after it fails, and the file says
// from which modules it came, a line each, innermost first; with MOTET_FAULTS=<kind>:count:<file> none does, and the
// file holds how many there were.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum motet_fault_kind {
  MOTET_FAULT_ALLOCATION,  // malloc and its like: NULL, ENOMEM
  MOTET_FAULT_READ,        // opening a file or a folder: EMFILE; read and its like: EIO
  MOTET_FAULT_MAP,         // mmap: ENOMEM
  MOTET_FAULT_OTHER,       // calls that this library does not stand before (motet_faults_call)
  MOTET_FAULT_KINDS
};

// Where a call came from: an address in a module, "" the program.
struct motet_fault_frame {
  char module[112];
  uint64_t offset;
};
enum { MOTET_FAULT_FRAMES = 64 };
struct motet_fault_report {
  int happened;
  uint32_t depth;
  struct motet_fault_frame frames[MOTET_FAULT_FRAMES];  // innermost first
};

// One call at a time is watched, on all threads; `count` and `fail` begin anew.
// `stacks`, unless NULL, gets a hash of the innermost `frames` of the stack of each of the first `most` calls.
void motet_faults_count(enum motet_fault_kind kind, uint64_t* stacks, uint64_t most, int frames);
// The n-th call from now fails, n from 1; `report` tells where it came from.
void motet_faults_fail(enum motet_fault_kind kind, uint64_t n, struct motet_fault_report* report);
// Nothing is watched any more. Returns how many calls there were.
uint64_t motet_faults_stop(void);
// Somebody else's call of the kind: 1 where it must fail.
int motet_faults_call(enum motet_fault_kind kind);

// What is held at the moment: blocks of memory, mapped ranges.
int64_t motet_faults_blocks(void);
int64_t motet_faults_maps(void);

#ifdef __cplusplus
}
#endif
