// Two taps at a time: pmaddwd multiplies two bytes by the high or low bits of two weights and adds the products. High
// and low sums are combined at the end, which is exact because all arithmetic is modulo 2^32.
#include "avx2.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <stdbool.h>
#include <string.h>

#include "portable.h"

#define AVX2 __attribute__((target("avx2")))
#define INLINE_AVX2 static inline __attribute__((target("avx2"), always_inline))

INLINE_AVX2 __m256i combined(__m256i high, __m256i low) {
    return _mm256_add_epi32(_mm256_slli_epi32(high, CRESAMPLE_LOW_BITS), low);
}

// Removes the fractional bits. The results are limited to 16 bits.
INLINE_AVX2 __m256i words(__m256i first, __m256i second) {
    return _mm256_packs_epi32(
        _mm256_srai_epi32(first, CRESAMPLE_FRACTIONAL_BITS), _mm256_srai_epi32(second, CRESAMPLE_FRACTIONAL_BITS)
    );
}

// Rows are resampled together, so that weights are loaded once for all.
enum { ROWS = 4, TAPS = 4, PIXEL_LOAD = 16 };

// Selects the channels of four pixels as 16-bit numbers, two taps side by side: pixels 0 and 1, then 2 and 3.
static AVX2 __m256i pixel_selection(size_t channels) {
    uint8_t indices[32];
    memset(indices, 0x80, sizeof indices);
    for (size_t tap = 0; tap < TAPS; tap++) {
        for (size_t channel = 0; channel < channels; channel++) {
            indices[16 * (tap / 2) + 4 * channel + 2 * (tap % 2)] = (uint8_t)(tap * channels + channel);
        }
    }
    return _mm256_loadu_si256((const __m256i *)indices);
}

INLINE_AVX2 __m256i twice(const void *source) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(source));
}

// Adds the taps of the upper half to those of the lower half: the sums of `first`, then those of `second`.
INLINE_AVX2 __m256i added_halves(__m256i first, __m256i second) {
    return _mm256_add_epi32(
        _mm256_permute2x128_si256(first, second, 0x20), _mm256_permute2x128_si256(first, second, 0x31)
    );
}

// One pixel of each of ROWS rows. `sources` point to the rows, `targets` receive the first `size` bytes of the pixels.
INLINE_AVX2 void resample_pixel(
    const uint8_t *const sources[ROWS],
    size_t channels,
    const cresample_span *span,
    const int16_t *weights,
    __m256i selection,
    uint8_t *const targets[ROWS],
    size_t size
) {
    __m256i select_high = _mm256_setr_epi32(
        0x03020100, 0x03020100, 0x03020100, 0x03020100, 0x0B0A0908, 0x0B0A0908, 0x0B0A0908, 0x0B0A0908
    );
    __m256i select_low = _mm256_add_epi8(select_high, _mm256_set1_epi8(4));
    // Hides that they are constant: shuffles by constants are replaced by others, which take longer.
    __asm__("" : "+x"(select_high), "+x"(select_low));
    __m256i high[ROWS], low[ROWS];
    for (int row = 0; row < ROWS; row++) {
        high[row] = _mm256_setzero_si256();
        low[row] = _mm256_zextsi128_si256(_mm_set1_epi32(1 << (CRESAMPLE_FRACTIONAL_BITS - 1)));
    }
    const int16_t *pair = weights + 2 * span->first_weight;
    const int16_t *const end = pair + 2 * span->count;
    size_t offset = span->start * channels;
    do {
        const __m256i four = twice(pair);
        const __m256i high_weights = _mm256_shuffle_epi8(four, select_high);
        const __m256i low_weights = _mm256_shuffle_epi8(four, select_low);
        for (int row = 0; row < ROWS; row++) {
            const __m256i bytes = _mm256_shuffle_epi8(twice(sources[row] + offset), selection);
            high[row] = _mm256_add_epi32(high[row], _mm256_madd_epi16(bytes, high_weights));
            low[row] = _mm256_add_epi32(low[row], _mm256_madd_epi16(bytes, low_weights));
        }
        pair += 2 * TAPS;
        offset += TAPS * channels;
    } while (pair < end);
    const __m256i sums = words(
        added_halves(combined(high[0], low[0]), combined(high[1], low[1])),
        added_halves(combined(high[2], low[2]), combined(high[3], low[3]))
    );
    const __m256i pixels = _mm256_packus_epi16(sums, sums);
    const int in_order[ROWS] = {
        _mm256_extract_epi32(pixels, 0), _mm256_extract_epi32(pixels, 4),
        _mm256_extract_epi32(pixels, 1), _mm256_extract_epi32(pixels, 5)
    };
    for (int row = 0; row < ROWS; row++) memcpy(targets[row], &in_order[row], size);
}

// Whether pixels can be loaded TAPS at a time up to the end of a span, and so for all earlier spans.
static bool fits(const cresample_span *span, size_t channels, size_t bytes) {
    return (span->start + span->count - 1) * channels + PIXEL_LOAD <= bytes;
}

static AVX2 void rows(
    const uint8_t *source,
    size_t row_bytes,
    size_t row_count,
    size_t channels,
    const cresample_span *spans,
    size_t span_count,
    const int16_t *weights,
    uint8_t *target
) {
    const __m256i selection = pixel_selection(channels);
    for (size_t top = 0; top < row_count; top += ROWS) {
        const uint8_t *sources[ROWS];
        uint8_t *targets[ROWS];
        for (size_t row = 0; row < ROWS; row++) {
            const size_t y = top + row < row_count ? top + row : row_count - 1;
            sources[row] = source + y * row_bytes;
            targets[row] = target + y * span_count * channels;
        }
        size_t fitting = span_count;
        const size_t readable = (size_t)(source + row_count * row_bytes - sources[ROWS - 1]);
        while (fitting > 0 && !fits(&spans[fitting - 1], channels, readable)) fitting--;
        size_t x = 0;
        // Four bytes at once, the last of which may be those of later pixels, but not of the next row.
        for (; x + 4 <= span_count && x < fitting; x++) {
            resample_pixel(sources, channels, &spans[x], weights, selection, targets, 4);
            for (int row = 0; row < ROWS; row++) targets[row] += channels;
        }
        for (; x < fitting; x++) {
            resample_pixel(sources, channels, &spans[x], weights, selection, targets, channels);
            for (int row = 0; row < ROWS; row++) targets[row] += channels;
        }
        for (int row = 0; row < ROWS; row++) {
            cresample_portable_row(sources[row], channels, spans + x, span_count - x, weights, targets[row]);
        }
    }
}

enum { BYTES = 32 };

INLINE_AVX2 void add_products(
    __m256i bytes, __m256i high_weights, __m256i low_weights, __m256i *high, __m256i *low
) {
    *high = _mm256_add_epi32(*high, _mm256_madd_epi16(bytes, high_weights));
    *low = _mm256_add_epi32(*low, _mm256_madd_epi16(bytes, low_weights));
}

// BYTES bytes of an output row.
INLINE_AVX2 void bytes_of_column(
    const uint8_t *source, size_t row_bytes, size_t count, const int16_t *weights, uint8_t *target
) {
    const __m256i zero = _mm256_setzero_si256();
    __m256i high[4], low[4];
    for (int index = 0; index < 4; index++) {
        high[index] = zero;
        low[index] = _mm256_set1_epi32(1 << (CRESAMPLE_FRACTIONAL_BITS - 1));
    }
    for (size_t tap = 0; tap < count; tap += 2) {
        const uint8_t *row = source + tap * row_bytes;
        const __m256i first = _mm256_loadu_si256((const __m256i *)row);
        // The weight after the last tap is zero.
        const uint8_t *next = tap + 1 < count ? row + row_bytes : row;
        const __m256i second = _mm256_loadu_si256((const __m256i *)next);
        int32_t pairs[2];
        memcpy(pairs, weights + 2 * tap, sizeof pairs);
        const __m256i high_weights = _mm256_set1_epi32(pairs[0]);
        const __m256i low_weights = _mm256_set1_epi32(pairs[1]);
        const __m256i lower = _mm256_unpacklo_epi8(first, second);
        const __m256i upper = _mm256_unpackhi_epi8(first, second);
        add_products(_mm256_unpacklo_epi8(lower, zero), high_weights, low_weights, &high[0], &low[0]);
        add_products(_mm256_unpackhi_epi8(lower, zero), high_weights, low_weights, &high[1], &low[1]);
        add_products(_mm256_unpacklo_epi8(upper, zero), high_weights, low_weights, &high[2], &low[2]);
        add_products(_mm256_unpackhi_epi8(upper, zero), high_weights, low_weights, &high[3], &low[3]);
    }
    const __m256i result = _mm256_packus_epi16(
        words(combined(high[0], low[0]), combined(high[1], low[1])),
        words(combined(high[2], low[2]), combined(high[3], low[3]))
    );
    _mm256_storeu_si256((__m256i *)target, result);
}

static AVX2 void columns(
    const uint8_t *source,
    size_t row_bytes,
    size_t first_row,
    const cresample_span *spans,
    size_t span_count,
    const int16_t *weights,
    uint8_t *target
) {
    for (size_t y = 0; y < span_count; y++) {
        const uint8_t *first = source + (spans[y].start - first_row) * row_bytes;
        const int16_t *own = weights + 2 * spans[y].first_weight;
        uint8_t *output = target + y * row_bytes;
        if (row_bytes < BYTES) {
            cresample_portable_column(first, row_bytes, spans[y].count, own, output);
            continue;
        }
        for (size_t x = 0; x < row_bytes; x += BYTES) {
            // The last bytes overlap those before them.
            const size_t start = x + BYTES <= row_bytes ? x : row_bytes - BYTES;
            bytes_of_column(first + start, row_bytes, spans[y].count, own, output + start);
        }
    }
}

const cresample_version cresample_avx2 = {"AVX2", rows, columns};

#endif
