#define _GNU_SOURCE  // dladdr
#include "implementation.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void explain(const implementation *library, const char *reason, char **message) {
    if (!message) return;
    Dl_info front;
    const char *path = dladdr(library, &front) ? front.dli_fname : "";
    const char *slash = strrchr(path, '/');
    const int folder = slash ? (int)(slash - path) + 1 : 0;
    if (asprintf(message, "%s cannot be loaded: %s. Looked for: %.*s" PRIVATE_FOLDER "/%s, and %s in %s. %s",
                 library->wrapped, reason, folder, path, library->file, library->wrapped, library->wrapped_folder,
                 library->advice) < 0) {
        *message = NULL;
    }
}

/// Looks up every function of a newly opened library.
static bool find_functions(const implementation *library, void *handle) {
    for (size_t i = 0; i < library->function_count; ++i) {
        void *const function = dlsym(handle, library->functions[i].name);
        if (!function) return false;
        memcpy(library->functions[i].pointer, &function, sizeof function);
    }
    return true;
}

static bool open_first(implementation *library, char **message) {
    // By name only: the run path of this library finds it, even after the process has changed its working directory.
    // Local, so that the wrapped library does not interpose symbols of other libraries, such as sgemm_ in libtorch and
    // OpenBLAS. Lazy, because the wrapped library binds tens of thousands of its own functions; those that the
    // implementation calls are bound now.
    void *const handle = dlopen(library->file, RTLD_LAZY | RTLD_LOCAL);
    if (!handle || !find_functions(library, handle)) {
        explain(library, dlerror(), message);
        if (handle) dlclose(handle);
        return false;
    }
    atomic_store_explicit(&library->is_open, true, memory_order_release);
    return true;
}

bool implementation_open(implementation *library, char **message) {
    if (message) *message = NULL;
    if (implementation_is_open(library)) return true;
    pthread_mutex_lock(&library->opening);
    const bool is_open = implementation_is_open(library) || open_first(library, message);
    pthread_mutex_unlock(&library->opening);
    return is_open;
}

bool implementation_is_open(const implementation *library) {
    return atomic_load_explicit(&library->is_open, memory_order_acquire);
}
