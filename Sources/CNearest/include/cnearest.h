// The nearest of many vectors to each of many others, by inner product. A product of codes rules out most pairs; the
// rest are compared in 32 bits, so that the result does not depend on the codes. Plain C without any library.
#ifndef CNEAREST_H
#define CNEAREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

enum {
    // The number of keys in a panel.
    CNEAREST_PANEL = 16,
    // The number of queries that are compared together: their codes are padded to a multiple of it.
    CNEAREST_QUERIES = 4,
    // The number of values of a vector's codes is a multiple of this.
    CNEAREST_STEP = 16,
    // The largest codes of keys, and those of queries, which have to be shifted.
    CNEAREST_LARGEST_KEY = 63,
    CNEAREST_LARGEST_QUERY = 31,
    CNEAREST_SHIFT = 32,
};

// Whether this CPU has the instructions that the other functions need.
bool cnearest_is_available(void);

// The codes of vectors: code = round(rotated(vector - centre) / scale), at most `largest`, with one scale per vector. All
// vectors are rotated in the same way; `rotated` has room for one.
// vectors has count rows of dimension values. codes receives count rows of stride codes, a multiple of CNEAREST_STEP and at
// least dimension; the rest of a row is 0. lengths receives the length of each row's scale * code, and errors the length of
// what these leave out.
void cnearest_encode(
    const float *vectors,
    size_t count,
    size_t dimension,
    const float *centre,
    float *rotated,
    int largest,
    size_t stride,
    int8_t *codes,
    float *scales,
    float *lengths,
    float *errors
);

// Vectors to choose from, whose codes are in panels: groups of CNEAREST_PANEL vectors, in which the four codes of columns 4n
// to 4n + 3 of each vector stand side by side. Vectors beyond the last have codes of 0.
typedef struct cnearest_keys {
    const float *vectors;
    size_t count;
    size_t dimension;
    size_t stride;
    // panel_count * CNEAREST_PANEL * stride codes.
    const int8_t *panels;
    size_t panel_count;
    // For each vector of the panels.
    const float *scales;
    const float *errors;
} cnearest_keys;

// Arranges codes in panels, which have room for count, rounded up to a multiple of CNEAREST_PANEL, times stride codes.
void cnearest_arrange(const int8_t *codes, size_t count, size_t stride, int8_t *panels);

// Finds for each query the `limit` keys with the largest inner product, largest first; of equal ones, the first keys.
// Queries have the dimension and stride of the keys. Their codes are unsigned: those of cnearest_encode plus CNEAREST_SHIFT.
// Codes have count rows, rounded up to a multiple of CNEAREST_QUERIES. For each query and key, the inner product is at most
// scale * scale * (product of codes) + length * error + slack. best_values and best_keys receive count * limit items.
void cnearest_find(
    const cnearest_keys *keys,
    const float *queries,
    size_t count,
    const uint8_t *codes,
    const float *scales,
    const float *lengths,
    const float *slacks,
    size_t limit,
    float *best_values,
    uint32_t *best_keys
);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
