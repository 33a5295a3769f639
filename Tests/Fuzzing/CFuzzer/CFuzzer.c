#include "CFuzzer.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// From the address sanitizer's sanitizer/allocator_interface.h.
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *memory);

static atomic_bool is_measuring;
static _Atomic int64_t bytes_now, bytes_at_most;
static double start;
static fuzz_use most;

static void on_malloc(const volatile void *memory, size_t size) {
    (void)memory;
    if (!atomic_load_explicit(&is_measuring, memory_order_relaxed)) {
        return;
    }
    const int64_t now = atomic_fetch_add(&bytes_now, (int64_t)size) + (int64_t)size;
    int64_t most_so_far = atomic_load(&bytes_at_most);
    while (now > most_so_far && !atomic_compare_exchange_weak(&bytes_at_most, &most_so_far, now)) {
    }
}

static void on_free(const volatile void *memory) {
    if (memory != NULL && atomic_load_explicit(&is_measuring, memory_order_relaxed)) {
        atomic_fetch_sub(&bytes_now, (int64_t)__sanitizer_get_allocated_size(memory));
    }
}

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void print_most(void) {
    fprintf(stderr, "stat::peak_allocated_bytes: %lld\nstat::most_cpu_milliseconds: %.0f\n", (long long)most.bytes,
            most.seconds * 1000);
}

void fuzz_meter_start(void) {
    static bool is_installed;
    if (!is_installed) {
        is_installed = true;
        __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
        atexit(print_most);
    }
    atomic_store(&bytes_now, 0);
    atomic_store(&bytes_at_most, 0);
    atomic_store(&is_measuring, true);
    start = seconds();
}

fuzz_use fuzz_meter_stop(void) {
    atomic_store(&is_measuring, false);
    const fuzz_use use = {atomic_load(&bytes_at_most), seconds() - start};
    most.bytes = use.bytes > most.bytes ? use.bytes : most.bytes;
    most.seconds = use.seconds > most.seconds ? use.seconds : most.seconds;
    return use;
}
