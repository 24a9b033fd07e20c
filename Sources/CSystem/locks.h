// Locks of POSIX threads: declared by hand, like system.h and for its reasons.

#pragma once

#include <stdint.h>

#pragma clang assume_nonnull begin

/// glibc's pthread_mutex_t, which has 40 bytes on x86-64 and 48 on AArch64: all zero is a lock that is free.
typedef struct {
  uint64_t words[6];
} system_lock;

int system_lock_take(system_lock *lock) __asm__("pthread_mutex_lock");
int system_lock_give(system_lock *lock) __asm__("pthread_mutex_unlock");

/// glibc's pthread_cond_t: all zero is one that nobody waits for.
typedef struct {
  uint64_t words[6];
} system_signal_post;

int system_signal_post_wait(system_signal_post *post, system_lock *lock) __asm__("pthread_cond_wait");
int system_signal_post_wake_one(system_signal_post *post) __asm__("pthread_cond_signal");
int system_signal_post_wake_all(system_signal_post *post) __asm__("pthread_cond_broadcast");

#pragma clang assume_nonnull end
