#define _GNU_SOURCE
#include "faults.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#define OURS __attribute__((visibility("default")))

// Under these names the C library's own can be called before the dynamic linker is done.
// NOLINTBEGIN(readability-identifier-naming): the names are the C library's
extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* block, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void* block);
// NOLINTEND(readability-identifier-naming)

static atomic_int watched = -1;  // a motet_fault_kind
static atomic_ullong calls;
static atomic_ullong failing;  // 0: none
static uint64_t* recorded;
static uint64_t most_recorded;
static int recorded_frames;
static struct motet_fault_report* report_to;
static atomic_llong blocks, maps;
// This library's own calls, and those of what it calls.
static _Thread_local int within __attribute__((tls_model("initial-exec")));

// The innermost frames of the caller's stack, relative to their modules; returns their hash.
static uint64_t look(int frames, struct motet_fault_report* report) {
  void* addresses[MOTET_FAULT_FRAMES + 2];
  const int depth = backtrace(addresses, frames + 2);
  uint64_t hash = 14695981039346656037u;
  uint32_t kept = 0;
  for (int i = 2; i < depth; ++i) {
    struct dl_find_object found;
    const uint64_t at = (uint64_t)(uintptr_t)addresses[i];
    const int known = _dl_find_object(addresses[i], &found) == 0;
    const uint64_t offset = known ? at - (uint64_t)found.dlfo_link_map->l_addr : at;
    hash = (hash ^ offset) * 1099511628211u;
    if (report == NULL) continue;
    struct motet_fault_frame* frame = &report->frames[kept++];
    frame->offset = offset;
    const char* name = known ? found.dlfo_link_map->l_name : "?";
    strncpy(frame->module, name, sizeof frame->module - 1);
    frame->module[sizeof frame->module - 1] = '\0';
  }
  if (report != NULL) {
    report->depth = kept;
    report->happened = 1;
  }
  return hash;
}

// Where the failing call came from, for who started the program.
static const char* tell_modules;
static struct motet_fault_report told_report;

static void tell(void) {
  const int file = open(tell_modules, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return;
  for (uint32_t i = 0; i < told_report.depth; ++i) dprintf(file, "%s\n", told_report.frames[i].module);
  close(file);
}

OURS int motet_faults_call(enum motet_fault_kind kind) {
  if (within || atomic_load_explicit(&watched, memory_order_relaxed) != (int)kind) return 0;
  within = 1;
  const uint64_t number = atomic_fetch_add(&calls, 1) + 1;
  const int fails = number == atomic_load(&failing);
  if (recorded != NULL && number <= most_recorded) recorded[number - 1] = look(recorded_frames, NULL);
  if (fails && report_to != NULL) look(MOTET_FAULT_FRAMES, report_to);
  if (fails && tell_modules != NULL) tell();
  within = 0;
  return fails;
}

OURS void motet_faults_count(enum motet_fault_kind kind, uint64_t* stacks, uint64_t most, int frames) {
  recorded_frames = frames < MOTET_FAULT_FRAMES ? frames : MOTET_FAULT_FRAMES;
  recorded = stacks;
  most_recorded = most;
  report_to = NULL;
  atomic_store(&failing, 0);
  atomic_store(&calls, 0);
  atomic_store(&watched, (int)kind);
}

OURS void motet_faults_fail(enum motet_fault_kind kind, uint64_t n, struct motet_fault_report* report) {
  recorded = NULL;
  report_to = report;
  if (report != NULL) report->happened = 0;
  atomic_store(&failing, n);
  atomic_store(&calls, 0);
  atomic_store(&watched, (int)kind);
}

OURS uint64_t motet_faults_stop(void) {
  atomic_store(&watched, -1);
  return atomic_load(&calls);
}

OURS int64_t motet_faults_blocks(void) { return atomic_load(&blocks); }
OURS int64_t motet_faults_maps(void) { return atomic_load(&maps); }

// Allocations

static int no_memory(void) {
  if (!motet_faults_call(MOTET_FAULT_ALLOCATION)) return 0;
  errno = ENOMEM;
  return 1;
}

static void* held(void* block) {
  if (block != NULL) atomic_fetch_add_explicit(&blocks, 1, memory_order_relaxed);
  return block;
}

OURS void* malloc(size_t size) { return no_memory() ? NULL : held(__libc_malloc(size)); }
OURS void* calloc(size_t count, size_t size) { return no_memory() ? NULL : held(__libc_calloc(count, size)); }
OURS void* memalign(size_t alignment, size_t size) {
  return no_memory() ? NULL : held(__libc_memalign(alignment, size));
}
OURS void* aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
OURS void* valloc(size_t size) { return memalign((size_t)sysconf(_SC_PAGESIZE), size); }

OURS int posix_memalign(void** out, size_t alignment, size_t size) {
  void* block = memalign(alignment, size);
  if (block == NULL) return ENOMEM;
  *out = block;
  return 0;
}

OURS void free(void* block) {
  if (block == NULL) return;
  atomic_fetch_sub_explicit(&blocks, 1, memory_order_relaxed);
  __libc_free(block);
}

OURS void* realloc(void* block, size_t size) {
  if (block == NULL) return malloc(size);
  if (no_memory()) return NULL;
  void* moved = __libc_realloc(block, size);
  if (moved == NULL && size == 0) atomic_fetch_sub_explicit(&blocks, 1, memory_order_relaxed);
  return moved;
}

OURS void* reallocarray(void* block, size_t count, size_t size) {
  size_t whole = 0;
  if (__builtin_mul_overflow(count, size, &whole)) {
    errno = ENOMEM;
    return NULL;
  }
  return realloc(block, whole);
}

// Files

static int no_file(void) {
  if (!motet_faults_call(MOTET_FAULT_READ)) return 0;
  errno = EMFILE;
  return 1;
}

static int unreadable(void) {
  if (!motet_faults_call(MOTET_FAULT_READ)) return 0;
  errno = EIO;
  return 1;
}

// The function that stands behind this library's, found once.
#define NEXT(name)                            \
  static __typeof__(&name) next;              \
  if (next == NULL) {                         \
    const int before = within;                \
    within = 1;                               \
    *(void**)&next = dlsym(RTLD_NEXT, #name); \
    within = before;                          \
  }

#define MODE(flags)                             \
  mode_t mode = 0;                              \
  if (((flags) & (O_CREAT | O_TMPFILE)) != 0) { \
    va_list rest;                               \
    va_start(rest, flags);                      \
    mode = va_arg(rest, mode_t);                \
    va_end(rest);                               \
  }

OURS int open(const char* path, int flags, ...) {
  NEXT(open)
  MODE(flags)
  return no_file() ? -1 : next(path, flags, mode);
}
OURS int open64(const char* path, int flags, ...) {
  NEXT(open64)
  MODE(flags)
  return no_file() ? -1 : next(path, flags, mode);
}
OURS int openat(int folder, const char* path, int flags, ...) {
  NEXT(openat)
  MODE(flags)
  return no_file() ? -1 : next(folder, path, flags, mode);
}
OURS int openat64(int folder, const char* path, int flags, ...) {
  NEXT(openat64)
  MODE(flags)
  return no_file() ? -1 : next(folder, path, flags, mode);
}
OURS FILE* fopen(const char* path, const char* mode) {
  NEXT(fopen)
  return no_file() ? NULL : next(path, mode);
}
OURS FILE* fopen64(const char* path, const char* mode) {
  NEXT(fopen64)
  return no_file() ? NULL : next(path, mode);
}
OURS DIR* opendir(const char* path) {
  NEXT(opendir)
  return no_file() ? NULL : next(path);
}
OURS ssize_t read(int file, void* to, size_t size) {
  NEXT(read)
  return unreadable() ? -1 : next(file, to, size);
}
OURS ssize_t pread(int file, void* to, size_t size, off_t at) {
  NEXT(pread)
  return unreadable() ? -1 : next(file, to, size, at);
}
OURS ssize_t pread64(int file, void* to, size_t size, off64_t at) {
  NEXT(pread64)
  return unreadable() ? -1 : next(file, to, size, at);
}
OURS struct dirent* readdir(DIR* folder) {
  NEXT(readdir)
  return unreadable() ? NULL : next(folder);
}
OURS struct dirent64* readdir64(DIR* folder) {
  NEXT(readdir64)
  return unreadable() ? NULL : next(folder);
}

// Memory maps

static void* map(void* (*next)(void*, size_t, int, int, int, off_t), void* where, size_t size, int protection,
                 int flags, int file, off_t offset) {
  if (motet_faults_call(MOTET_FAULT_MAP)) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  void* mapped = next(where, size, protection, flags, file, offset);
  if (mapped != MAP_FAILED && (flags & MAP_FIXED) == 0) atomic_fetch_add(&maps, 1);
  return mapped;
}
OURS void* mmap(void* where, size_t size, int protection, int flags, int file, off_t offset) {
  NEXT(mmap)
  return map(next, where, size, protection, flags, file, offset);
}
OURS void* mmap64(void* where, size_t size, int protection, int flags, int file, off64_t offset) {
  NEXT(mmap64)
  return map(next, where, size, protection, flags, file, offset);
}
OURS int munmap(void* where, size_t size) {
  NEXT(munmap)
  const int failed = next(where, size);
  if (failed == 0) atomic_fetch_sub(&maps, 1);
  return failed;
}

// A program started with MOTET_FAULTS

static const char* count_to;
static int (*program)(int, char**, char**);

static void begin_as_told(void) {
  const char* told = getenv("MOTET_FAULTS");
  if (told == NULL) return;
  static const char* const kinds[] = {"allocation", "read", "map"};
  for (int kind = 0; kind < 3; ++kind) {
    const size_t size = strlen(kinds[kind]);
    if (strncmp(told, kinds[kind], size) != 0 || told[size] != ':') continue;
    told += size + 1;
    if (strncmp(told, "count:", 6) == 0) {
      count_to = told + 6;
      motet_faults_count((enum motet_fault_kind)kind, NULL, 0, 0);
    } else {
      char* end = NULL;
      const uint64_t n = strtoull(told, &end, 10);
      if (*end == ':') tell_modules = end + 1;
      motet_faults_fail((enum motet_fault_kind)kind, n, &told_report);
    }
    return;
  }
}

static void write_count(void) {
  const unsigned long long count = motet_faults_stop();
  FILE* file = fopen(count_to, "w");
  if (file == NULL) return;
  fprintf(file, "%llu\n", count);
  fclose(file);
}

// What a program's globals take before main is not watched: nobody can tell the user of it.
static int watched_main(int argc, char** argv, char** environment) {
  begin_as_told();
  const int status = program(argc, argv, environment);
  if (count_to != NULL) write_count();
  return status;
}

// NOLINTBEGIN(readability-identifier-naming): the name is the C library's
OURS int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(void),
                           void (*fini)(void), void (*rtld_fini)(void), void* stack_end) {
  NEXT(__libc_start_main)
  program = main;
  return next(watched_main, argc, argv, init, fini, rtld_fini, stack_end);
}
// NOLINTEND(readability-identifier-naming)

// What looking at a stack loads is loaded before anything is counted.
__attribute__((constructor)) static void warm_up(void) {
  void* addresses[4];
  within = 1;
  (void)backtrace(addresses, 4);
  within = 0;
}
