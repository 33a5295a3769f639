#include "cresample.h"

#include "avx2.h"
#include "portable.h"

#if defined(__x86_64__)

size_t cresample_version_count(void) {
    return __builtin_cpu_supports("avx2") ? 2 : 1;
}

const cresample_version *cresample_version_at(size_t index) {
    return index + 1 < cresample_version_count() ? &cresample_avx2 : &cresample_portable;
}

#else

size_t cresample_version_count(void) {
    return 1;
}

const cresample_version *cresample_version_at(size_t index) {
    (void)index;
    return &cresample_portable;
}

#endif
