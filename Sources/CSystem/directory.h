// Reading a folder, declared by hand so that no libc header is needed (this module is also compiled for the bare-metal ARM
// triple, which has none).
#pragma once
#include <stdint.h>

typedef struct __dirstream DIR;

DIR *opendir(const char *path);
struct dirent *readdir(DIR *directory);
int closedir(DIR *directory);

/// The canonical path, in memory that `free` gives back when `resolved` is null; null on failure.
char *realpath(const char *path, char *resolved);


/// `struct dirent` as 64-bit glibc and musl lay it out. It has another name because a program that also imports libc's own
/// module may not see two definitions of one.
struct directory_entry {
  uint64_t inode;
  int64_t offset;
  uint16_t length;
  uint8_t type;
  char name[256];
};

enum { DT_UNKNOWN = 0, DT_DIR = 4, DT_REG = 8, DT_LNK = 10 };

static inline int directory_entry_type(const struct dirent *entry) {
  return ((const struct directory_entry *)entry)->type;
}

/// Valid until the next `readdir`.
static inline const char *directory_entry_name(const struct dirent *entry) {
  return ((const struct directory_entry *)entry)->name;
}
