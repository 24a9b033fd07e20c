// A connection to a server: declared by hand, like system.h and for its reasons.

#pragma once

#include <stdint.h>

#include "system.h"

#pragma clang assume_nonnull begin

int system_socket(int domain, int type, int protocol) __asm__("socket");
int system_connect(int descriptor, const void *address, unsigned int size) __asm__("connect");
int system_get_option(int descriptor, int level, int name, void *value, unsigned int *size) __asm__("getsockopt");
long system_send(int descriptor, const void *bytes, size_t count, int flags) __asm__("send");

static const int system_in_progress = 115;  // EINPROGRESS

/// A TCP socket that begins to connect to an IPv4 address, given as the four bytes' number, and a port. −1 with errno.
static inline int system_begin_connecting(uint32_t address, uint16_t port) {
  struct {
    uint16_t family;
    uint16_t port;
    uint32_t address;
    uint8_t zeros[8];
  } name = {/* AF_INET */ 2, __builtin_bswap16(port), __builtin_bswap32(address), {0}};
  int descriptor = system_socket(2, /* SOCK_STREAM */ 1 | SYSTEM_NONBLOCKING | SYSTEM_CLOSE_ON_EXEC, 0);
  if (descriptor < 0) return -1;
  if (system_connect(descriptor, &name, sizeof name) == 0 || system_errno() == system_in_progress) return descriptor;
  int code = system_errno();
  (void)close(descriptor);
  *__errno_location() = code;
  return -1;
}

/// The error's code of a connection that was begun; 0 where it is there.
static inline int system_connection_error(int descriptor) {
  int code = 0;
  unsigned int size = sizeof code;
  return system_get_option(descriptor, /* SOL_SOCKET */ 1, /* SO_ERROR */ 4, &code, &size) == 0 ? code : system_errno();
}

/// As `write`, without a signal where the other side has gone.
static inline long system_send_quietly(int descriptor, const void *bytes, size_t count) {
  return system_send(descriptor, bytes, count, /* MSG_NOSIGNAL */ 0x4000);
}

#pragma clang assume_nonnull end
