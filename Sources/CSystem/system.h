// Stand-in until the runtime's own file layer is merged.
#pragma once
#include <stddef.h>
#include <stdint.h>

int open(const char *path, int flags, ...);
int close(int file);
long lseek(int file, long offset, int whence);
void *mmap(void *address, size_t length, int protection, int flags, int file, long offset);
int munmap(void *address, size_t length);
long write(int file, const void *bytes, size_t count);
int fsync(int file);
int rename(const char *from, const char *to);
int unlink(const char *path);
static inline int open_for_reading(const char *path) { return open(path, 02000000); }
static inline int create_file(const char *path) { return open(path, 02000000 | 01 | 0100 | 01000, 0644); }
