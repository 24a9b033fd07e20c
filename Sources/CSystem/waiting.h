// Locks, waiting for descriptors and the wall clock: declared by hand, like system.h and for its reasons.

#pragma once

#include <stdint.h>

#include "system.h"

#pragma clang assume_nonnull begin


/// A mutex and a condition, larger than those of glibc on x86-64 and AArch64; all zeros is the unlocked state.
typedef struct {
  uint64_t mutex[8];
  uint64_t condition[8];
} system_monitor;

int system_mutex_lock(void *mutex) __asm__("pthread_mutex_lock");
int system_mutex_unlock(void *mutex) __asm__("pthread_mutex_unlock");
int system_condition_broadcast(void *condition) __asm__("pthread_cond_broadcast");
int system_condition_wait(void *condition, void *mutex, int clock, const void *deadline)
    __asm__("pthread_cond_clockwait");

static inline void system_monitor_lock(system_monitor *monitor) { (void)system_mutex_lock(monitor->mutex); }
static inline void system_monitor_unlock(system_monitor *monitor) { (void)system_mutex_unlock(monitor->mutex); }
static inline void system_monitor_wake(system_monitor *monitor) {
  (void)system_condition_broadcast(monitor->condition);
}

/// Waits, unlocked in between, to be woken, or until a moment of the monotonic clock. May return early.
static inline void system_monitor_wait(system_monitor *monitor, int64_t seconds, int64_t nanoseconds) {
  system_timespec deadline = {seconds, nanoseconds};
  (void)system_condition_wait(monitor->condition, monitor->mutex, system_monotonic_clock, &deadline);
}

/// `struct pollfd`.
typedef struct {
  int descriptor;
  short asked, told;
} system_poll_entry;

int system_poll(system_poll_entry *_Nullable entries, unsigned long count, int milliseconds) __asm__("poll");

/// 1 where there is something to read, or the end; 0 where there is nothing for so long; −1 with errno.
static inline int system_wait_readable(int descriptor, int milliseconds) {
  system_poll_entry entry = {descriptor, /* POLLIN */ 1, 0};
  return system_poll(&entry, 1, milliseconds);
}

/// Sleeps.
static inline void system_pause(int milliseconds) { (void)system_poll(NULL, 0, milliseconds); }

/// 1 where something can be written, or has failed; 0 where it cannot for so long; −1 with errno.
static inline int system_wait_writable(int descriptor, int milliseconds) {
  system_poll_entry entry = {descriptor, /* POLLOUT */ 4, 0};
  return system_poll(&entry, 1, milliseconds);
}

#pragma clang assume_nonnull end
