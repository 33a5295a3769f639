#define _GNU_SOURCE
#include "callocations.h"

#include <dlfcn.h>
#include <errno.h>
#ifdef __linux__
#include <malloc.h>
#endif
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAPACITY = 4096 };

typedef struct allocation {
    size_t size;
    void *caller;
} allocation;

static __thread size_t threshold;
static __thread size_t count;
static __thread allocation *recorded;

static __thread bool is_followed;
static __thread ptrdiff_t held;
static __thread ptrdiff_t most_held;

static atomic_size_t watched_min = SIZE_MAX;
static atomic_size_t watched_max;
static atomic_size_t watched_count;

#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
bool callocations_are_seen(void) {
    return true;
}

static inline void record(size_t size, void *caller) {
    if (size >= watched_min && size <= watched_max) {
        watched_count++;
    }
    if (threshold == 0 || size < threshold) {
        return;
    }
    if (count < CAPACITY) {
        recorded[count] = (allocation){size, caller};
    }
    count++;
}

static inline void *hold(void *memory) {
    if (is_followed && memory != NULL) {
        held += (ptrdiff_t)malloc_usable_size(memory);
        if (held > most_held) {
            most_held = held;
        }
    }
    return memory;
}

static inline void drop(void *memory) {
    if (is_followed && memory != NULL) {
        held -= (ptrdiff_t)malloc_usable_size(memory);
    }
}

extern void *__libc_malloc(size_t);
extern void __libc_free(void *);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) {
    record(size, __builtin_return_address(0));
    return hold(__libc_malloc(size));
}

void *calloc(size_t number, size_t size) {
    record(number * size, __builtin_return_address(0));
    return hold(__libc_calloc(number, size));
}

void *realloc(void *memory, size_t size) {
    record(size, __builtin_return_address(0));
    drop(memory);
    return hold(__libc_realloc(memory, size));
}

void *memalign(size_t alignment, size_t size) {
    record(size, __builtin_return_address(0));
    return hold(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size) {
    record(size, __builtin_return_address(0));
    return hold(__libc_memalign(alignment, size));
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    record(size, __builtin_return_address(0));
    void *result = __libc_memalign(alignment, size);
    if (result == NULL) {
        return ENOMEM;
    }
    *memory = hold(result);
    return 0;
}

void free(void *memory) {
    drop(memory);
    __libc_free(memory);
}
#else
bool callocations_are_seen(void) {
    return false;
}
#endif

void callocations_start(size_t min_size) {
    threshold = 0;
    if (recorded == NULL) {
        recorded = malloc(CAPACITY * sizeof(allocation));
    }
    count = 0;
    threshold = recorded == NULL ? 0 : min_size;
}

size_t callocations_stop(callocations_record *records, size_t capacity) {
    threshold = 0;
    for (size_t index = 0; index < count && index < capacity && index < CAPACITY; index++) {
        Dl_info info;
        records[index].size = recorded[index].size;
        int is_known = dladdr(recorded[index].caller, &info) != 0 && info.dli_fname != NULL;
        const char *path = is_known ? info.dli_fname : "";
        const char *slash = strrchr(path, '/');
        snprintf(records[index].caller, sizeof records[index].caller, "%s", slash == NULL ? path : slash + 1);
    }
    return count;
}

void callocations_start_peak(void) {
    held = 0;
    most_held = 0;
    is_followed = true;
}

size_t callocations_stop_peak(void) {
    is_followed = false;
    return (size_t)most_held;
}

void callocations_watch(size_t min_size, size_t max_size) {
    watched_count = 0;
    watched_max = max_size;
    watched_min = min_size;
}

size_t callocations_stop_watching(void) {
    watched_min = SIZE_MAX;
    return watched_count;
}
