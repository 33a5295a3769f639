#ifndef CYUV_SAMPLES_H
#define CYUV_SAMPLES_H

#include "cyuv.h"

#include <string.h>

// Results equal those of libraries whose compilers did not fuse multiplication and addition.
#pragma STDC FP_CONTRACT OFF

// A function that is compiled for CPUs with AVX2 too. The program chooses when it starts, and would call
// the thread sanitizer before that has started.
#if defined(__x86_64__) && defined(__GLIBC__) && !__has_feature(thread_sanitizer)
#define CYUV_FAST __attribute__((target_clones("avx2", "default")))
#else
#define CYUV_FAST
#endif
// Parts of such functions, which are compiled for each constant that they are called with.
#define CYUV_INLINE static inline __attribute__((always_inline))

CYUV_INLINE uint8_t cyuv_clamp(int value) { return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value; }

CYUV_INLINE int cyuv_sample(const void *row, size_t column, int depth) {
    return depth > 8 ? ((const uint16_t *)row)[column] : ((const uint8_t *)row)[column];
}

CYUV_INLINE const void *cyuv_row(const void *plane, size_t stride, size_t row) {
    return (const uint8_t *)plane + stride * row;
}

// Pixels are converted in blocks, whose fixed size lets the compiler use vectors.
enum { CYUV_BLOCK = 64 };

typedef struct cyuv_block {
    uint8_t r[CYUV_BLOCK], g[CYUV_BLOCK], b[CYUV_BLOCK], a[CYUV_BLOCK];
} cyuv_block;

typedef uint8_t cyuv_vector __attribute__((vector_size(16)));

// Writes the first pixels of a block as RGB, or RGBA.
CYUV_INLINE void cyuv_store(const cyuv_block *from, size_t count, int channels, uint8_t *pixels) {
    size_t i = 0;
    for (; channels == 3 && i + 16 <= count; i += 16) {
        cyuv_vector r, g, b, rg, parts[3];
        memcpy(&r, from->r + i, 16);
        memcpy(&g, from->g + i, 16);
        memcpy(&b, from->b + i, 16);
        rg = __builtin_shufflevector(r, g, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 0, 0, 0, 0);
        parts[0] = __builtin_shufflevector(rg, b, 0, 1, 16, 2, 3, 17, 4, 5, 18, 6, 7, 19, 8, 9, 20, 10);
        rg = __builtin_shufflevector(r, g, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26, 0, 0, 0, 0);
        parts[1] = __builtin_shufflevector(rg, b, 1, 21, 2, 3, 22, 4, 5, 23, 6, 7, 24, 8, 9, 25, 10, 11);
        rg = __builtin_shufflevector(r, g, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31, 0, 0, 0, 0, 0, 0);
        parts[2] = __builtin_shufflevector(rg, b, 26, 0, 1, 27, 2, 3, 28, 4, 5, 29, 6, 7, 30, 8, 9, 31);
        memcpy(pixels + 3 * i, parts, sizeof(parts));
    }
    for (; i < count; i++) {
        uint8_t *pixel = pixels + channels * i;
        pixel[0] = from->r[i];
        pixel[1] = from->g[i];
        pixel[2] = from->b[i];
        if (channels == 4) pixel[3] = from->a[i];
    }
}

#endif
