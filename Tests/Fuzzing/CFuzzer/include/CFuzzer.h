/// libFuzzer's entry point, from libclang_rt.fuzzer_no_main, and what an input takes.
#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

int LLVMFuzzerRunDriver(int *argc, char *_Nullable *_Nonnull *_Nonnull argv,
                        int (*callback)(const uint8_t *_Nullable data, size_t size));

/// What one input took.
typedef struct fuzz_use {
    /// The most memory that was allocated at a time, by all threads, beyond what was allocated before.
    int64_t bytes;
    /// CPU time of all threads.
    double seconds;
} fuzz_use;

/// Begins to measure an input.
void fuzz_meter_start(void);

/// What the input took since then; when the program ends, it prints the most of all inputs.
fuzz_use fuzz_meter_stop(void);

#pragma clang assume_nonnull end
