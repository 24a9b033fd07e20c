// Reading a folder: declared by hand, like system.h and for its reasons.

#pragma once

#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct __dirstream system_folder;

/// Null, with errno, where `path` is not a folder or may not be read.
system_folder *_Nullable system_opendir(const char *path) __asm__("opendir");
int system_closedir(system_folder *folder) __asm__("closedir");

/// `struct dirent` as 64-bit glibc and musl lay it out.
typedef struct {
  uint64_t inode;
  int64_t offset;
  uint16_t length;
  uint8_t type;
  char name[256];
} system_folder_entry;

/// The next entry, null after the last one. An entry is valid until the next call.
const system_folder_entry *_Nullable system_readdir(system_folder *folder) __asm__("readdir");

/// Swift imports `name` as a tuple; this is its address.
static inline const char *system_entry_name(const system_folder_entry *entry) { return entry->name; }

static const uint8_t system_entry_unknown = 0;  // DT_UNKNOWN
static const uint8_t system_entry_folder = 4;   // DT_DIR
static const uint8_t system_entry_regular = 8;  // DT_REG
static const uint8_t system_entry_link = 10;    // DT_LNK

/// The path without symbolic links, to be given to `free`; null, with errno, on failure.
char *_Nullable system_realpath(const char *path, char *_Nullable resolved) __asm__("realpath");

static const int system_not_a_folder = 20;    // ENOTDIR
static const int system_too_many_links = 40;  // ELOOP

#pragma clang assume_nonnull end
