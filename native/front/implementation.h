// What a front library, which is small, has behind it: the library with the code, and what that wraps.
#ifndef IMPLEMENTATION_H
#define IMPLEMENTATION_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/// A function of the implementation.
typedef struct implementation_function {
    const char *name;
    /// The pointer that is set to the function.
    void *pointer;
} implementation_function;

/// A library that is opened when it is first needed, and stays.
typedef struct implementation {
    /// Its file, in the folder of private libraries beside the front one.
    const char *file;
    /// What it wraps, for people, and in which folder that was when this was built.
    const char *wrapped, *wrapped_folder;
    /// What a person can do who lacks it.
    const char *advice;
    const implementation_function *functions;
    size_t function_count;
    pthread_mutex_t opening;
    atomic_bool is_open;
} implementation;

/// Opens the library unless it is, on any thread. Where it cannot be opened, `*message` says why, as texts of this C
/// interface do, and the next call tries again.
bool implementation_open(implementation *library, char **message);

bool implementation_is_open(const implementation *library);

#endif
