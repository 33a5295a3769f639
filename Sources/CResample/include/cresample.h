// The two passes of resampling 8-bit images, in Pillow's fixed-point arithmetic. Plain C without any library.
#ifndef CRESAMPLE_H
#define CRESAMPLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

// The inputs of one output position. From one position to the next, neither the start nor the end decreases.
typedef struct cresample_span {
    // The first input position.
    size_t start;
    // The number of input positions, at least 1.
    size_t count;
    // The index of the first weight, a multiple of 4.
    size_t first_weight;
} cresample_span;

// Weights have 22 fractional bits and are split: w = high · 2^15 + low, with 0 <= low < 2^15. Two consecutive weights are
// four numbers: high, high, low, low. The weights of a span are padded with zeros to a multiple of four weights.

// A weighted mean is half + sum of weight · byte, modulo 2^32 as a signed number, shifted right by 22 bits and limited
// to 0...255, where half is 2^21. Source and target must not overlap.
typedef struct cresample_version {
    const char *name;

    // Weighted means within rows: each output pixel averages the pixels of its span, channel by channel.
    // source has row_count rows of row_bytes bytes, and channels (1 to 4) bytes per pixel. target receives row_count
    // rows of span_count pixels.
    void (*rows)(
        const uint8_t *source,
        size_t row_bytes,
        size_t row_count,
        size_t channels,
        const cresample_span *spans,
        size_t span_count,
        const int16_t *weights,
        uint8_t *target
    );

    // Weighted means of rows: each output row averages the rows of its span, byte by byte.
    // source has rows of row_bytes bytes; first_row is the position of the first one, so that no span starts before it.
    // target receives span_count rows.
    void (*columns)(
        const uint8_t *source,
        size_t row_bytes,
        size_t first_row,
        const cresample_span *spans,
        size_t span_count,
        const int16_t *weights,
        uint8_t *target
    );
} cresample_version;

// The number of versions that this CPU can run, at least 1. All have the same results.
size_t cresample_version_count(void);

// One of these versions; 0 is the fastest.
const cresample_version *cresample_version_at(size_t index);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
