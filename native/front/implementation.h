// The libraries behind a small front library: the one with the implementation, and the one that it wraps.
#ifndef IMPLEMENTATION_H
#define IMPLEMENTATION_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/// A function of the implementation.
typedef struct implementation_function {
    const char *name;
    /// The function pointer to set.
    void *pointer;
} implementation_function;

/// A library that is opened on first use and stays open.
typedef struct implementation {
    /// Its file name, in the folder of private libraries beside the front library.
    const char *file;
    /// The wrapped library's display name, and its folder at build time.
    const char *wrapped, *wrapped_folder;
    /// Advice for a user who lacks it.
    const char *advice;
    const implementation_function *functions;
    size_t function_count;
    pthread_mutex_t opening;
    atomic_bool is_open;
} implementation;

/// Opens the library unless it is already open, on any thread. On failure, `*message` holds the reason, to be freed
/// like any message of this C interface, and the next call tries again.
bool implementation_open(implementation *library, char **message);

bool implementation_is_open(const implementation *library);

#endif
