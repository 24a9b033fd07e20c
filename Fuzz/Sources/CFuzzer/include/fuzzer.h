// libFuzzer as a library (compiler-rt's fuzzer_no_main).
#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

int LLVMFuzzerRunDriver(
    int *argc, char *_Nullable *_Nonnull *_Nonnull argv, int (*target)(const uint8_t *_Nullable bytes, size_t count));

/// A file in memory, without a name: its descriptor.
int fuzzer_memory_file(void);
/// Replaces what such a file holds; whether there was memory for it.
_Bool fuzzer_rewrite(int descriptor, const void *_Nullable bytes, size_t count);

#pragma clang assume_nonnull end
