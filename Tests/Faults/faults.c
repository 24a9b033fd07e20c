// Lets one call of a program fail, or be interrupted, or do less than asked for: preloaded (LD_PRELOAD) by faults.py and
// service_faults.py.
//
// Counted are the calls that the program itself makes, and SQLite and libevent for it, not those of the C library or of
// Swift's; of allocations those of the program and of Swift's runtime (memory), of libevent (events) or of other libraries
// (library).
//
//   FAULT_CALLS   what counts: open, read, …, memory, events, library
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
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
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

static int is_any(const char *path, const char *const *names) {
  for (; *names; names++)
    if (strstr(path, *names)) return 1;
  return 0;
}

/// Whether a call is one of those that count; `caller` is where it returns to.
static int is_counted(const char *name, void *caller) {
  static const char *const system_callers[] = {"libsqlite3", "libevent", NULL};
  static const char *const libraries[] = {"libsqlite3", "libjpeg", "libpng", "libz", "libnettle", NULL};
  static const char *const events[] = {"libevent", NULL};
  static const char *const runtime[] = {"libswift", "libstdc++", NULL};
  int is_memory = strcmp(name, "memory") == 0;
  int is_library = is_memory && strcmp(counted, "library") == 0, is_events = is_memory && strcmp(counted, "events") == 0;
  if (strcmp(counted, name) != 0 && !is_library && !is_events) return 0;
  Dl_info facts;
  if (!dladdr(caller, &facts)) return 0;
  if (is_library) return is_any(facts.dli_fname, libraries);
  if (is_events) return is_any(facts.dli_fname, events);
  return facts.dli_fbase == program || is_any(facts.dli_fname, is_memory ? runtime : system_callers);
}

/// Whether this call is the one.
static int fails(const char *name, void *caller) {
  if (!counted || !is_counted(name, caller)) return 0;
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

// Sockets

int socket(int family, int type, int protocol) {
  FAIL(socket, -1)
  return (int)syscall(SYS_socket, family, type, protocol);
}

int bind(int file, const struct sockaddr *address, socklen_t length) {
  FAIL(bind, -1)
  return (int)syscall(SYS_bind, file, address, length);
}

int listen(int file, int waiting) {
  FAIL(listen, -1)
  return (int)syscall(SYS_listen, file, waiting);
}

int accept4(int file, struct sockaddr *address, socklen_t *length, int flags) {
  FAIL(accept, -1)
  return (int)syscall(SYS_accept4, file, address, length, flags);
}

int setsockopt(int file, int level, int name, const void *value, socklen_t length) {
  FAIL(setsockopt, -1)
  return (int)syscall(SYS_setsockopt, file, level, name, value, length);
}

ssize_t readv(int file, const struct iovec *parts, int count) {
  FAIL(receive, -1)
  return syscall(SYS_readv, file, parts, count);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  FAIL(send, -1)
  return syscall(SYS_writev, file, parts, count);
}

ssize_t send(int file, const void *bytes, size_t count, int flags) {
  FAIL(send, -1)
  return syscall(SYS_sendto, file, bytes, count, flags, NULL, 0);
}

int epoll_create1(int flags) {
  FAIL(poll, -1)
  return (int)syscall(SYS_epoll_create1, flags);
}

int epoll_ctl(int file, int operation, int about, struct epoll_event *event) {
  FAIL(poll, -1)
  return (int)syscall(SYS_epoll_ctl, file, operation, about, event);
}

int epoll_wait(int file, struct epoll_event *events, int most, int milliseconds) {
  FAIL(wait, -1)
  return (int)syscall(SYS_epoll_wait, file, events, most, milliseconds);
}

int eventfd(unsigned value, int flags) {
  FAIL(poll, -1)
  return (int)syscall(SYS_eventfd2, value, flags);
}

// Memory

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) {
  FAIL(memory, NULL)
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  FAIL(memory, NULL)
  return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
  FAIL(memory, NULL)
  return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  FAIL(memory, NULL)
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (fails("memory", HERE)) return ENOMEM;
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : ENOMEM;
}
