// libFuzzer as a library (compiler-rt's fuzzer_no_main).
#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

int LLVMFuzzerRunDriver(
    int *argc, char *_Nullable *_Nonnull *_Nonnull argv, int (*target)(const uint8_t *_Nullable bytes, size_t count));

/// A copy of a text that stays.
char *fuzzer_copy(const char *text) __asm__("strdup");

#pragma clang assume_nonnull end
