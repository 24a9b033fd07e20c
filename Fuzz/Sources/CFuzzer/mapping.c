// The program is linked with --wrap=mmap and --wrap=munmap: zeros lie behind the end of a mapped file, up to the end of its
// mapping, so that AddressSanitizer would not notice who reads them. Here they are poisoned, but for the 64 that kernels
// may read behind a model's tensors: those stay behind GGUF files.

#define _GNU_SOURCE

#include <sanitizer/asan_interface.h>
#include <string.h>
#include <sys/mman.h>

void *__real_mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset);
int __real_munmap(void *address, size_t length);

static const size_t zeros = 64;

/// The bytes from a length to the end of its last page.
static size_t rest(size_t length) { return (4096 - length % 4096) % 4096; }

void *__wrap_mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
  char *start = __real_mmap(address, length, protection, flags, descriptor, offset);
  if (start == MAP_FAILED || descriptor < 0) return start;
  size_t read_by_kernels = length >= 4 && memcmp(start, "GGUF", 4) == 0 ? zeros : 0;
  __asan_poison_memory_region(start + length + read_by_kernels, zeros - read_by_kernels + rest(length + zeros));
  return start;
}

int __wrap_munmap(void *address, size_t length) {
  // Files are unmapped together with the zeros behind them.
  size_t file = length > zeros ? length - zeros : 0;
  __asan_unpoison_memory_region((char *)address + file, length - file + rest(length));
  return __real_munmap(address, length);
}
