// The program is linked with --wrap=mmap and --wrap=munmap: what lies behind the end of a mapped file, up to the end of its
// last page, can be read and is zero, so that AddressSanitizer would not notice. Here it is poisoned.

#define _GNU_SOURCE

#include <sanitizer/asan_interface.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzzer.h"

void *__real_mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset);
int __real_munmap(void *address, size_t length);

static size_t padding(size_t length) { return (4096 - length % 4096) % 4096; }

void *__wrap_mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
  void *start = __real_mmap(address, length, protection, flags, descriptor, offset);
  if (start != MAP_FAILED && descriptor >= 0) __asan_poison_memory_region((char *)start + length, padding(length));
  return start;
}

int __wrap_munmap(void *address, size_t length) {
  __asan_unpoison_memory_region((char *)address + length, padding(length));
  return __real_munmap(address, length);
}

int fuzzer_memory_file(void) { return memfd_create("input", 0); }

_Bool fuzzer_rewrite(int descriptor, const void *bytes, size_t count) {
  return ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes, count, 0) == (ssize_t)count;
}
