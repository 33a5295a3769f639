#include "portable.h"

static inline uint32_t weight(const int16_t *weights, size_t index) {
    const int16_t *pair = weights + index / 2 * 4 + index % 2;
    return ((uint32_t)pair[0] << CRESAMPLE_LOW_BITS) + (uint32_t)pair[2];
}

static const uint32_t half = 1u << (CRESAMPLE_FRACTIONAL_BITS - 1);

static inline uint8_t byte(uint32_t sum) {
    int32_t value = (int32_t)sum >> CRESAMPLE_FRACTIONAL_BITS;
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

// Inlined with a constant number of channels.
static inline __attribute__((always_inline)) void row_of(
    const uint8_t *source,
    const size_t channels,
    const cresample_span *spans,
    size_t span_count,
    const int16_t *weights,
    uint8_t *target
) {
    for (size_t x = 0; x < span_count; x++) {
        const uint8_t *pixel = source + spans[x].start * channels;
        const int16_t *own = weights + 2 * spans[x].first_weight;
        uint32_t sums[4] = {half, half, half, half};
        for (size_t index = 0; index < spans[x].count; index++) {
            for (size_t channel = 0; channel < channels; channel++) {
                sums[channel] += weight(own, index) * pixel[index * channels + channel];
            }
        }
        for (size_t channel = 0; channel < channels; channel++) {
            target[x * channels + channel] = byte(sums[channel]);
        }
    }
}

void cresample_portable_row(
    const uint8_t *source,
    size_t channels,
    const cresample_span *spans,
    size_t span_count,
    const int16_t *weights,
    uint8_t *target
) {
    switch (channels) {
    case 1: row_of(source, 1, spans, span_count, weights, target); break;
    case 2: row_of(source, 2, spans, span_count, weights, target); break;
    case 3: row_of(source, 3, spans, span_count, weights, target); break;
    default: row_of(source, 4, spans, span_count, weights, target);
    }
}

static void rows(
    const uint8_t *source,
    size_t row_bytes,
    size_t row_count,
    size_t channels,
    const cresample_span *spans,
    size_t span_count,
    const int16_t *weights,
    uint8_t *target
) {
    for (size_t y = 0; y < row_count; y++) {
        cresample_portable_row(
            source + y * row_bytes, channels, spans, span_count, weights, target + y * span_count * channels
        );
    }
}

void cresample_portable_column(
    const uint8_t *source,
    size_t row_bytes,
    size_t count,
    const int16_t *weights,
    uint8_t *target
) {
    enum { BLOCK = 256 };
    for (size_t start = 0; start < row_bytes; start += BLOCK) {
        size_t width = row_bytes - start < BLOCK ? row_bytes - start : BLOCK;
        uint32_t sums[BLOCK];
        for (size_t x = 0; x < width; x++) sums[x] = half;
        for (size_t index = 0; index < count; index++) {
            const uint8_t *row = source + index * row_bytes + start;
            const uint32_t factor = weight(weights, index);
            for (size_t x = 0; x < width; x++) sums[x] += factor * row[x];
        }
        for (size_t x = 0; x < width; x++) target[start + x] = byte(sums[x]);
    }
}

static void columns(
    const uint8_t *source,
    size_t row_bytes,
    size_t first_row,
    const cresample_span *spans,
    size_t span_count,
    const int16_t *weights,
    uint8_t *target
) {
    for (size_t y = 0; y < span_count; y++) {
        cresample_portable_column(
            source + (spans[y].start - first_row) * row_bytes,
            row_bytes,
            spans[y].count,
            weights + 2 * spans[y].first_weight,
            target + y * row_bytes
        );
    }
}

const cresample_version cresample_portable = {"portable", rows, columns};
