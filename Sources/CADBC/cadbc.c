#define _GNU_SOURCE  // dladdr
#include "cadbc.h"

#include <dlfcn.h>

const char *cadbc_library_of(const void *address) {
    Dl_info library;
    return dladdr(address, &library) ? library.dli_fname : NULL;
}
