// The few libc functions the runtime calls, declared by hand for 64-bit Linux (x86-64 and AArch64).
//
// Embedded Swift has no Glibc module, and the cross libc's headers clash with the bare-metal triple, so nothing but
// clang's own headers is included. Where a libc type differs between machines, or would clash with Glibc's when a
// program imports both, the function gets a `system_` name here and libc's name as its assembly label.

#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Files

int close(int descriptor);
long read(int descriptor, void *bytes, size_t count);
long write(int descriptor, const void *bytes, size_t count);
long pread(int descriptor, void *bytes, size_t count, long offset);
long pwrite(int descriptor, const void *bytes, size_t count, long offset);
int fsync(int descriptor);
int rename(const char *from, const char *to);
int unlink(const char *path);
int mkdir(const char *path, unsigned int mode);
int rmdir(const char *path);
int isatty(int descriptor);
int system_flock(int descriptor, int operation) __asm__("flock");

static const int system_lock_exclusive = 2;  // LOCK_EX
int open(const char *path, int flags, ...);

// Of the flags of open(2), only those of the folder differ between machines.
#if defined(__aarch64__)
#define SYSTEM_DIRECTORY 040000
#elif defined(__x86_64__)
#define SYSTEM_DIRECTORY 0200000
#else
#error "CSystem knows the constants of x86-64 and AArch64 Linux only"
#endif
#define SYSTEM_CLOSE_ON_EXEC 02000000
#define SYSTEM_NONBLOCKING 04000
#define SYSTEM_WRITE_ONLY 01
#define SYSTEM_READ_WRITE 02
#define SYSTEM_CREATE 0100
#define SYSTEM_EXCLUSIVE 0200

/// Opens for reading. Never waits: opening a FIFO that nobody writes to would otherwise hang.
static inline int system_open_reading(const char *path) {
  return open(path, SYSTEM_NONBLOCKING | SYSTEM_CLOSE_ON_EXEC);
}

/// Opens for reading what may be a pipe, and waits for its writer.
static inline int system_open_list(const char *path) { return open(path, SYSTEM_CLOSE_ON_EXEC); }

/// Creates a file for writing; fails where the name is taken.
static inline int system_create_new(const char *path) {
  return open(path, SYSTEM_WRITE_ONLY | SYSTEM_CREATE | SYSTEM_EXCLUSIVE | SYSTEM_CLOSE_ON_EXEC, 0666);
}

static inline int system_open_folder(const char *path) {
  return open(path, SYSTEM_DIRECTORY | SYSTEM_CLOSE_ON_EXEC);
}

/// Opens a file whose bytes are locked one by one; makes an empty one where there is none.
static inline int system_open_locks(const char *path) {
  return open(path, SYSTEM_READ_WRITE | SYSTEM_CREATE | SYSTEM_CLOSE_ON_EXEC, 0666);
}

/// `struct flock`, whose fields are the same on both machines.
typedef struct {
  int16_t type, origin;
  int64_t start, length;
  int32_t process;
} system_range_lock;

_Static_assert(sizeof(system_range_lock) == 32, "struct flock has 32 bytes");

int system_control(int descriptor, int command, ...) __asm__("fcntl");

/// Locks one byte of a file, which need not be there, against all other openings of that file; the system releases it
/// where this opening ends, however that comes about. 0, or -1 with errno.
static inline int system_lock_byte(int descriptor, int64_t byte, _Bool waits) {
  system_range_lock lock = {/* F_WRLCK */ 1, /* SEEK_SET */ 0, byte, 1, 0};
  return system_control(descriptor, waits ? /* F_OFD_SETLKW */ 38 : /* F_OFD_SETLK */ 37, &lock);
}

static inline int system_unlock_byte(int descriptor, int64_t byte) {
  system_range_lock lock = {/* F_UNLCK */ 2, /* SEEK_SET */ 0, byte, 1, 0};
  return system_control(descriptor, /* F_OFD_SETLK */ 37, &lock);
}

/// `struct statx` of Linux: unlike `struct stat`, the same on every machine.
typedef struct {
  uint32_t mask, block_size;
  uint64_t attributes;
  uint32_t link_count, user, group;
  uint16_t mode, padding;
  uint64_t inode, size, blocks, attributes_mask;
  struct {
    int64_t seconds;
    uint32_t nanoseconds, padding;
  } accessed, made, changed, modified;
  uint64_t rest[16];
} system_file_facts;

_Static_assert(sizeof(system_file_facts) == 256, "struct statx has 256 bytes");

int system_statx(int folder, const char *path, int flags, unsigned int mask, system_file_facts *facts)
    __asm__("statx");

#define SYSTEM_AT_CURRENT_FOLDER (-100)
#define SYSTEM_AT_EMPTY_PATH 0x1000
#define SYSTEM_STATX_BASIC 0x7ff

/// Facts of the file at `path`, symbolic links followed. 0, or -1 with errno.
static inline int system_facts_of_path(const char *path, system_file_facts *facts) {
  return system_statx(SYSTEM_AT_CURRENT_FOLDER, path, 0, SYSTEM_STATX_BASIC, facts);
}

static inline int system_facts_of_descriptor(int descriptor, system_file_facts *facts) {
  return system_statx(descriptor, "", SYSTEM_AT_EMPTY_PATH, SYSTEM_STATX_BASIC, facts);
}

static inline _Bool system_is_folder(const system_file_facts *facts) { return (facts->mode & 0170000) == 0040000; }
static inline _Bool system_is_regular(const system_file_facts *facts) { return (facts->mode & 0170000) == 0100000; }
static inline _Bool system_is_character_device(const system_file_facts *facts) {
  return (facts->mode & 0170000) == 0020000;
}

// Memory

int *__errno_location(void);
void free(void *_Nullable pointer);
void *mmap(void *_Nullable address, size_t length, int protection, int flags, int descriptor, long offset);
int munmap(void *address, size_t length);

/// So many zeros follow a mapped file.
static const size_t system_zeros_after_file = 64;

/// Maps the first `length` bytes of a file, read-only and private, and zeros after them; null with errno where that
/// fails.
///
/// The file takes the place of the first pages of a mapping that is longer; the rest of its last page the system fills
/// with zeros.
static inline const void *_Nullable system_map_file(int descriptor, size_t length) {
  void *zeros = mmap(NULL, length + system_zeros_after_file, /* PROT_READ */ 1, /* MAP_PRIVATE | MAP_ANONYMOUS */ 0x22, -1, 0);
  if (zeros == (void *)-1) return NULL;
  void *address = mmap(zeros, length, /* PROT_READ */ 1, /* MAP_PRIVATE | MAP_FIXED */ 0x12, descriptor, 0);
  if (address != (void *)-1) return address;
  int code = *__errno_location();
  munmap(zeros, length + system_zeros_after_file);
  *__errno_location() = code;
  return NULL;
}

static inline void system_unmap_file(const void *address, size_t length) {
  munmap((void *)address, length + system_zeros_after_file);
}

/// Whether so many bytes can be allocated now. By mmap: of malloc and free without a use the compiler leaves nothing.
static inline _Bool system_has_memory(size_t length) {
  void *address = mmap(NULL, length, /* PROT_READ | PROT_WRITE */ 3, /* MAP_PRIVATE | MAP_ANONYMOUS */ 0x22, -1, 0);
  return address != (void *)-1 && munmap(address, length) == 0;
}

// Errors

char *strerror(int code);

static inline int system_errno(void) { return *__errno_location(); }

static const int system_no_such_file = 2;       // ENOENT
static const int system_interrupted = 4;        // EINTR
static const int system_access_denied = 13;     // EACCES
static const int system_exists = 17;            // EEXIST
static const int system_is_a_folder = 21;       // EISDIR
static const int system_file_too_big = 27;      // EFBIG
static const int system_disk_full = 28;         // ENOSPC
static const int system_read_only = 30;         // EROFS
static const int system_broken_pipe = 32;       // EPIPE
static const int system_name_too_long = 36;     // ENAMETOOLONG
static const int system_quota_exceeded = 122;   // EDQUOT

// The process and the machine

int getpid(void);
_Noreturn void system_exit(int status) __asm__("exit");
char *_Nullable getenv(const char *name);
float expf(float x);
float logf(float x);
/// The number that a text begins with, as C writes numbers; `end` then points to the first byte after it.
float strtof(const char *text, char *_Nullable *_Nullable end);
unsigned long getauxval(unsigned long type);
long sysconf(int name);

/// Processors that are online, whether or not this process may use them.
static inline long system_online_processors(void) { return sysconf(/* _SC_NPROCESSORS_ONLN */ 84); }

typedef struct {
  int64_t seconds, nanoseconds;
} system_timespec;

int system_clock_gettime(int clock, system_timespec *time) __asm__("clock_gettime");

static const int system_realtime_clock = 0;     // CLOCK_REALTIME
static const int system_monotonic_clock = 1;    // CLOCK_MONOTONIC
static const int system_process_cpu_clock = 2;  // CLOCK_PROCESS_CPUTIME_ID

// Signals

/// glibc's sigset_t.
typedef struct {
  uint64_t words[16];
} system_signals;

int system_thread_signal_mask(
    int how, const system_signals *_Nullable signals, system_signals *_Nullable before) __asm__("pthread_sigmask");
int system_pending_signals(system_signals *signals) __asm__("sigpending");

/// SIGINT (Ctrl-C) and SIGTERM.
static const uint64_t system_requests_to_end = 1ull << (2 - 1) | 1ull << (15 - 1);

/// From now on requests to end this process wait, for this thread and for those that it starts.
static inline void system_hold_requests_to_end(void) {
  system_signals signals = {{system_requests_to_end}};
  (void)system_thread_signal_mask(/* SIG_BLOCK */ 0, &signals, NULL);
}

static inline _Bool system_was_asked_to_end(void) {
  system_signals signals = {{0}};
  return system_pending_signals(&signals) == 0 && (signals.words[0] & system_requests_to_end) != 0;
}

// Threads

typedef unsigned long system_thread;

int system_thread_create(
    system_thread *thread, const void *_Nullable attributes, void *_Nullable (*_Nonnull body)(void *_Nullable),
    void *_Nullable argument) __asm__("pthread_create");
int system_thread_join(system_thread thread, void *_Nullable *_Nullable result) __asm__("pthread_join");

/// Cores, one bit each, for as many as a kernel can be built for.
typedef struct {
  uint64_t words[128];
} system_cores;

static const int system_core_limit = 128 * 64;

/// The cores that a thread may run on; 0 is the calling thread.
int system_get_cores(int thread, size_t count, system_cores *cores) __asm__("sched_getaffinity");
int system_set_cores(int thread, size_t count, const system_cores *cores) __asm__("sched_setaffinity");
/// As `system_set_cores`, for any thread of this process. Returns 0 or an error's code.
int system_thread_set_cores(system_thread thread, size_t count, const system_cores *cores)
    __asm__("pthread_setaffinity_np");

static inline _Bool system_has_core(const system_cores *cores, int core) {
  return (cores->words[core / 64] >> (core % 64)) & 1;
}

static inline system_cores system_one_core(int core) {
  system_cores cores = {{0}};
  cores.words[core / 64] = 1ull << (core % 64);
  return cores;
}

long system_call(long number, ...) __asm__("syscall");

#if defined(__aarch64__)
#define SYSTEM_FUTEX 98
#else
#define SYSTEM_FUTEX 202
#endif

/// Sleeps until `system_wake_all`, unless `*address` is no longer `value`. May return early.
static inline void system_sleep_while(int32_t *address, int32_t value) {
  (void)system_call(SYSTEM_FUTEX, address, /* FUTEX_WAIT_PRIVATE */ 128, value, NULL, NULL, 0);
}

static inline void system_wake_all(int32_t *address) {
  (void)system_call(SYSTEM_FUTEX, address, /* FUTEX_WAKE_PRIVATE */ 129, INT32_MAX, NULL, NULL, 0);
}

// Atomics: `acquire` and `release` as in C11; additions are both.

static inline int32_t system_load_acquire_32(const int32_t *address) {
  return __atomic_load_n(address, __ATOMIC_ACQUIRE);
}
static inline void system_store_release_32(int32_t *address, int32_t value) {
  __atomic_store_n(address, value, __ATOMIC_RELEASE);
}
/// Adds and returns the value from before.
static inline int32_t system_fetch_add_32(int32_t *address, int32_t value) {
  return __atomic_fetch_add(address, value, __ATOMIC_ACQ_REL);
}

/// No load or store after the fence happens before one that precedes it, not even a load before a store.
static inline void system_full_fence(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

/// Tells the core that this thread spins.
static inline void system_cpu_relax(void) {
#if defined(__aarch64__)
  __asm__ volatile("yield");
#else
  __builtin_ia32_pause();
#endif
}

#pragma clang assume_nonnull end
