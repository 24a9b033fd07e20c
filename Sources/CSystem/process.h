// Starting a program: declared by hand, like system.h and for its reasons.

#pragma once

#include <stdint.h>

#include "system.h"

#pragma clang assume_nonnull begin

extern char *_Nullable *_Nonnull system_environment __asm__("environ");

int pipe2(int *descriptors, int flags);
int waitpid(int process, int *_Nullable status, int options);

int system_spawn(
    int *process, const char *path, const void *actions, const void *attributes,
    char *_Nullable const *_Nonnull arguments, char *_Nullable const *_Nonnull environment) __asm__("posix_spawn");
int system_spawn_actions_init(void *actions) __asm__("posix_spawn_file_actions_init");
int system_spawn_actions_adddup2(void *actions, int descriptor, int as)
    __asm__("posix_spawn_file_actions_adddup2");
int system_spawn_actions_destroy(void *actions) __asm__("posix_spawn_file_actions_destroy");
int system_spawn_attributes_init(void *attributes) __asm__("posix_spawnattr_init");
int system_spawn_attributes_setflags(void *attributes, short flags) __asm__("posix_spawnattr_setflags");
int system_spawn_attributes_setsigmask(void *attributes, const system_signals *signals)
    __asm__("posix_spawnattr_setsigmask");
int system_spawn_attributes_destroy(void *attributes) __asm__("posix_spawnattr_destroy");

/// A pipe that programs started later do not inherit: the end to read from, and that to write to.
static inline int system_pipe(int descriptors[_Nonnull 2]) { return pipe2(descriptors, SYSTEM_CLOSE_ON_EXEC); }

/// Starts `/bin/sh -c command` with `input` as its standard input and what it prints on this program's standard error.
/// No signal is held back from it. Returns 0 or an error's code.
static inline int system_start_shell(int *process, const char *command, int input) {
  // Larger than glibc's posix_spawn_file_actions_t and posix_spawnattr_t.
  uint64_t actions[32], attributes[64];
  system_signals none = {{0}};
  char *arguments[] = {(char *)"sh", (char *)"-c", (char *)command, NULL};
  (void)system_spawn_actions_init(actions);
  (void)system_spawn_attributes_init(attributes);
  (void)system_spawn_actions_adddup2(actions, input, 0);
  (void)system_spawn_actions_adddup2(actions, 2, 1);
  (void)system_spawn_attributes_setflags(attributes, /* POSIX_SPAWN_SETSIGMASK */ 8);
  (void)system_spawn_attributes_setsigmask(attributes, &none);
  int code = system_spawn(process, "/bin/sh", actions, attributes, arguments, system_environment);
  (void)system_spawn_actions_destroy(actions);
  (void)system_spawn_attributes_destroy(attributes);
  return code;
}

/// Whether a process has ended; it is reaped then.
static inline _Bool system_has_ended(int process) { return waitpid(process, NULL, /* WNOHANG */ 1) != 0; }

#pragma clang assume_nonnull end
