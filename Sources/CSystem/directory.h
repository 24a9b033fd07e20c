// Reading a folder, declared as 64-bit glibc and musl define it, so that no libc header is needed
// (this module is also compiled for the bare-metal ARM triple, which has none).
#pragma once

typedef struct __dirstream DIR;

struct dirent {
  unsigned long d_ino;
  long d_off;
  unsigned short d_reclen;
  unsigned char d_type;
  char d_name[256];
};

enum { DT_UNKNOWN = 0, DT_DIR = 4, DT_REG = 8, DT_LNK = 10 };

DIR *opendir(const char *path);
struct dirent *readdir(DIR *directory);
int closedir(DIR *directory);

/// The canonical path in memory that `free` gives back when `resolved` is null, or null.
char *realpath(const char *path, char *resolved);
void free(void *memory);

/// Swift imports `d_name` as a tuple; this is its address, valid until the next `readdir`.
static inline const char *directory_entry_name(const struct dirent *entry) { return entry->d_name; }
