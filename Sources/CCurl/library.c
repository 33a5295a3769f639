#include "ccurl_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __APPLE__
#define LIBRARY "/usr/lib/libcurl.4.dylib"
#else
#define LIBRARY "libcurl.so.4"
#endif

static ccurl_functions functions;
static atomic_bool is_open;
static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;

// Looks up every function of a newly opened library.
static bool find_functions(void *library) {
    const struct {
        const char *name;
        void *pointer;
    } table[] = {
#define ENTRY(name) {"curl_" #name, &functions.name},
        CCURL_FUNCTIONS(ENTRY)
#undef ENTRY
    };
    for (size_t index = 0; index < sizeof table / sizeof *table; index++) {
        void *const function = dlsym(library, table[index].name);
        if (function == NULL) {
            return false;
        }
        memcpy(table[index].pointer, &function, sizeof function);
    }
    return true;
}

static bool open_first(char *message, size_t message_size) {
    void *const library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL || !find_functions(library)) {
        snprintf(message, message_size, "%s", dlerror());
    } else {
        const CURLcode code = functions.global_init(CURL_GLOBAL_DEFAULT);
        if (code == CURLE_OK) {
            atomic_store_explicit(&is_open, true, memory_order_release);
            return true;
        }
        snprintf(message, message_size, "%s", functions.easy_strerror(code));
    }
    if (library != NULL) {
        dlclose(library);
    }
    return false;
}

const ccurl_functions *ccurl_open(char *message, size_t message_size) {
    pthread_mutex_lock(&opening);
    const bool succeeded = atomic_load_explicit(&is_open, memory_order_acquire) || open_first(message, message_size);
    pthread_mutex_unlock(&opening);
    return succeeded ? &functions : NULL;
}

const ccurl_functions *ccurl(void) {
    if (!atomic_load_explicit(&is_open, memory_order_acquire)) {
        abort();
    }
    return &functions;
}
