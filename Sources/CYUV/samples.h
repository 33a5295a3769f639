#ifndef CYUV_SAMPLES_H
#define CYUV_SAMPLES_H

#include "cyuv.h"

// Results equal those of libraries whose compilers did not fuse multiplication and addition.
#pragma STDC FP_CONTRACT OFF

static inline uint8_t cyuv_clamp(int value) { return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value; }

static inline int cyuv_sample(const void *row, size_t column, int depth) {
    return depth > 8 ? ((const uint16_t *)row)[column] : ((const uint8_t *)row)[column];
}

static inline const void *cyuv_row(const void *plane, size_t stride, size_t row) {
    return (const uint8_t *)plane + stride * row;
}

#endif
