// Calls that map files, and memory for the engines: an allocator that is refused its first page ends or hangs the process
// (jemalloc in Arrow, and TBB's), which nobody can handle.
#include "faults.h"

#include <sys/mman.h>

static int is_engine(const void *caller) {
    Dl_info info;
    return dladdr(caller, &info) && (strstr(info.dli_fname, "torch") || strstr(info.dli_fname, "libopenvino"));
}

static void *mapped(const void *caller, void *address, size_t size, int protection, int flags, int file, off_t offset) {
    const char *kind = tracks(file) ? "mmap" : (flags & MAP_ANONYMOUS) && is_engine(caller) ? "memory" : NULL;
    if (!kind) return (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
    void *result = MAP_FAILED;
    if (begin(kind) <= 0) result = (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
    done();
    return result;
}

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
    return mapped(__builtin_return_address(0), address, size, protection, flags, file, offset);
}

void *mmap64(void *address, size_t size, int protection, int flags, int file, off64_t offset) {
    return mapped(__builtin_return_address(0), address, size, protection, flags, file, offset);
}
