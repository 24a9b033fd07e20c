// What a server asks of the system besides libevent: declared by hand, like system.h and for its reasons.

#pragma once

#include <stddef.h>
#include <stdint.h>

#include "network.h"

#pragma clang assume_nonnull begin

/// Sends what the system takes at once, without SIGPIPE where the other end is gone.
static inline long system_send_now(int socket, const void *bytes, size_t count) {
  return system_send(socket, bytes, count, /* MSG_NOSIGNAL | MSG_DONTWAIT */ 0x4000 | 0x40);
}

static const int system_shut_writing = 1;  // SHUT_WR
static const int system_shut_both = 2;     // SHUT_RDWR
int system_shutdown(int socket, int how) __asm__("shutdown");

/// A descriptor that can be read once `write` put a number into it, which is then 0 again.
int system_eventfd(unsigned int value, int flags) __asm__("eventfd");

static inline int system_open_bell(void) { return system_eventfd(0, /* EFD_CLOEXEC | EFD_NONBLOCK */ 02000000 | 04000); }

long system_getrandom(void *bytes, size_t count, unsigned int flags) __asm__("getrandom");

int system_gethostname(char *name, size_t count) __asm__("gethostname");

void *_Nullable system_signal(int number, void *_Nullable handler) __asm__("signal");

/// Lets writing fail that would end the process otherwise: to a connection whose other end is gone, and to a file that
/// would become larger than this process may make one.
static inline void system_let_writing_fail(void) {
  (void)system_signal(/* SIGPIPE */ 13, /* SIG_IGN */ (void *)1);
  (void)system_signal(/* SIGXFSZ */ 25, /* SIG_IGN */ (void *)1);
}

typedef struct {
  uint64_t current, most;
} system_limit;

int system_getrlimit(int resource, system_limit *limit) __asm__("getrlimit");
int system_setrlimit(int resource, const system_limit *limit) __asm__("setrlimit");

static const int system_open_files = 7;  // RLIMIT_NOFILE

#pragma clang assume_nonnull end
