// Lets one call of a program fail, or be interrupted, or do less than asked for: preloaded (LD_PRELOAD) by faults.py.
//
// Counted are the calls that the program itself makes, and SQLite for it, not those of the C library or of Swift's.
//
//   FAULT_CALLS   the functions that count, with commas between them: open, read, …
//   FAULT_AT      the number of the call that fails, from 1 on; 0 lets none fail
//   FAULT_CODE    what errno then is; -1 lets the call do half of what it is asked for
//   FAULT_COUNT   a file that the number of calls is written to at the program's end

#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int calls;
static int failing, code;
static const char *counted;
static const char *count_path;
static void *program;

__attribute__((constructor)) static void begin(void) {
  const char *at = getenv("FAULT_AT"), *what = getenv("FAULT_CODE");
  failing = at ? atoi(at) : 0;
  code = what ? atoi(what) : EIO;
  counted = getenv("FAULT_CALLS");
  count_path = getenv("FAULT_COUNT");
  // What this program starts is left alone.
  unsetenv("LD_PRELOAD");
  Dl_info facts;
  if (dladdr((void *)getauxval(AT_ENTRY), &facts)) program = facts.dli_fbase;
}

__attribute__((destructor)) static void end(void) {
  if (!count_path) return;
  char text[16];
  int length = snprintf(text, sizeof text, "%d\n", atomic_load(&calls));
  int file = (int)syscall(SYS_openat, AT_FDCWD, count_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file >= 0) {
    syscall(SYS_write, file, text, length);
    syscall(SYS_close, file);
  }
}

static int is_counted(const char *name) {
  if (!counted) return 0;
  size_t length = strlen(name);
  for (const char *next = counted; (next = strstr(next, name)); next += length) {
    int begins = next == counted || next[-1] == ',';
    if (begins && (next[length] == ',' || next[length] == 0)) return 1;
  }
  return 0;
}

/// Whether this call is the one; `caller` is where it returns to.
static int fails(const char *name, void *caller) {
  if (!is_counted(name)) return 0;
  Dl_info facts;
  if (!dladdr(caller, &facts)) return 0;
  if (facts.dli_fbase != program && !strstr(facts.dli_fname, "libsqlite3")) return 0;
  if (atomic_fetch_add(&calls, 1) + 1 != failing) return 0;
  if (getenv("FAULT_TELL")) dprintf(2, "fault: %s\n", name);
  return 1;
}

#define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))
#define HERE __builtin_return_address(0)
#define FAIL(name, result) \
  if (fails(#name, HERE)) { errno = code; return result; }

static int open_really(const char *path, int flags, unsigned mode) {
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list rest; \
    va_start(rest, flags); \
    unsigned mode = va_arg(rest, unsigned); \
    va_end(rest); \
    FAIL(open, -1) \
    return open_really(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

#define PART(name, count) \
  if (fails(#name, HERE)) { \
    if (code >= 0) { errno = code; return -1; } \
    count = (count + 1) / 2; \
  }

ssize_t read(int file, void *bytes, size_t count) {
  PART(read, count)
  return syscall(SYS_read, file, bytes, count);
}

ssize_t pread64(int file, void *bytes, size_t count, off64_t offset) {
  PART(read, count)
  return syscall(SYS_pread64, file, bytes, count, offset);
}

ssize_t write(int file, const void *bytes, size_t count) {
  PART(write, count)
  return syscall(SYS_write, file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  PART(write, count)
  return syscall(SYS_pwrite64, file, bytes, count, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
  PART(write, count)
  return syscall(SYS_pwrite64, file, bytes, count, offset);
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
  FAIL(mmap, MAP_FAILED)
  return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}

int fsync(int file) {
  FAIL(fsync, -1)
  return (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
  FAIL(fsync, -1)
  return (int)syscall(SYS_fdatasync, file);
}

int close(int file) {
  if (fails("close", HERE)) {
    syscall(SYS_close, file);
    errno = code;
    return -1;
  }
  return (int)syscall(SYS_close, file);
}

int rename(const char *from, const char *to) {
  FAIL(rename, -1)
  return (int)syscall(SYS_rename, from, to);
}

int unlink(const char *path) {
  FAIL(unlink, -1)
  return (int)syscall(SYS_unlink, path);
}

int mkdir(const char *path, mode_t mode) {
  FAIL(mkdir, -1)
  return (int)syscall(SYS_mkdir, path, mode);
}

int ftruncate64(int file, off64_t length) {
  FAIL(truncate, -1)
  return (int)syscall(SYS_ftruncate, file, length);
}

int statx(int folder, const char *path, int flags, unsigned mask, struct statx *facts) {
  FAIL(stat, -1)
  return (int)syscall(SYS_statx, folder, path, flags, mask, facts);
}

int flock(int file, int operation) {
  FAIL(flock, -1)
  return (int)syscall(SYS_flock, file, operation);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
  if (fails("thread", HERE)) return code > 0 ? code : EAGAIN;
  return REAL(pthread_create)(thread, attributes, body, argument);
}
