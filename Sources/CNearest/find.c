// Codes of queries have 6 bits and are shifted by 32 to make them unsigned, as pmaddubsw demands. It adds two products of
// unsigned and signed bytes to 16 bits: at most 2 * 63 * 63, so that four of its results can be added before they are widened.
#include "cnearest.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,fma")))
#define INLINE_AVX2 static inline __attribute__((target("avx2,fma"), always_inline))

bool cnearest_is_available(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

// How many queries stay in the second-level cache while all keys pass by.
enum { TILE = 512 };

INLINE_AVX2 float sum(__m256 lanes) {
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

static AVX2 float inner_product(const float *a, const float *b, size_t dimension) {
    __m256 first = _mm256_setzero_ps(), second = _mm256_setzero_ps();
    size_t column = 0;
    for (; column + 16 <= dimension; column += 16) {
        first = _mm256_fmadd_ps(_mm256_loadu_ps(a + column), _mm256_loadu_ps(b + column), first);
        second = _mm256_fmadd_ps(_mm256_loadu_ps(a + column + 8), _mm256_loadu_ps(b + column + 8), second);
    }
    float result = sum(_mm256_add_ps(first, second));
    for (; column < dimension; column++) {
        result += a[column] * b[column];
    }
    return result;
}

// Inserts a key into the best of a query, if it is one of them.
static void insert(float value, uint32_t key, size_t limit, float *values, uint32_t *keys) {
    if (!(value > values[limit - 1])) return;
    size_t place = limit - 1;
    for (; place > 0 && value > values[place - 1]; place--) {
        values[place] = values[place - 1];
        keys[place] = keys[place - 1];
    }
    values[place] = value;
    keys[place] = key;
}

INLINE_AVX2 __m256i broadcast(const uint8_t *codes) {
    int32_t four;
    memcpy(&four, codes, 4);
    return _mm256_set1_epi32(four);
}

// The products of the codes of four queries with those of a panel.
INLINE_AVX2 void multiply(const uint8_t *codes, const int8_t *panel, size_t stride, __m256i products[CNEAREST_QUERIES][2]) {
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i sums[CNEAREST_QUERIES][2];
    for (int query = 0; query < CNEAREST_QUERIES; query++) {
        sums[query][0] = sums[query][1] = _mm256_setzero_si256();
    }
    for (size_t column = 0; column < stride; column += CNEAREST_STEP) {
        const __m256i *place = (const __m256i *)(panel + column * CNEAREST_PANEL);
        // One half at a time, so that all sums stay in registers.
        for (int half = 0; half < 2; half++) {
            __m256i first = _mm256_loadu_si256(place + half), second = _mm256_loadu_si256(place + 2 + half);
            __m256i third = _mm256_loadu_si256(place + 4 + half), fourth = _mm256_loadu_si256(place + 6 + half);
            for (int query = 0; query < CNEAREST_QUERIES; query++) {
                const uint8_t *code = codes + query * stride + column;
                __m256i words = _mm256_add_epi16(
                    _mm256_add_epi16(
                        _mm256_maddubs_epi16(broadcast(code), first), _mm256_maddubs_epi16(broadcast(code + 4), second)
                    ),
                    _mm256_add_epi16(
                        _mm256_maddubs_epi16(broadcast(code + 8), third), _mm256_maddubs_epi16(broadcast(code + 12), fourth)
                    )
                );
                sums[query][half] = _mm256_add_epi32(sums[query][half], _mm256_madd_epi16(words, ones));
            }
        }
    }
    memcpy(products, sums, sizeof sums);
}

// The sums of the codes of a panel, times the shift of the queries' codes.
static AVX2 void sum_panel(const int8_t *panel, size_t stride, __m256i sums[2]) {
    const __m256i ones = _mm256_set1_epi16(1), shift = _mm256_set1_epi8(CNEAREST_SHIFT);
    sums[0] = sums[1] = _mm256_setzero_si256();
    for (size_t column = 0; column < stride; column += 4) {
        for (int half = 0; half < 2; half++) {
            __m256i keys = _mm256_loadu_si256((const __m256i *)(panel + column * CNEAREST_PANEL) + half);
            sums[half] = _mm256_add_epi32(sums[half], _mm256_madd_epi16(_mm256_maddubs_epi16(shift, keys), ones));
        }
    }
}

AVX2 void cnearest_find(
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
) {
    for (size_t item = 0; item < count * limit; item++) {
        best_values[item] = -INFINITY;
        best_keys[item] = 0;
    }
    for (size_t start = 0; start < count; start += TILE) {
        size_t end = start + TILE < count ? start + TILE : count;
        for (size_t number = 0; number < keys->panel_count; number++) {
            const int8_t *panel = keys->panels + number * CNEAREST_PANEL * keys->stride;
            size_t first_key = number * CNEAREST_PANEL;
            __m256i shifts[2];
            sum_panel(panel, keys->stride, shifts);
            for (size_t query = start; query < end; query += CNEAREST_QUERIES) {
                __m256i products[CNEAREST_QUERIES][2];
                multiply(codes + query * keys->stride, panel, keys->stride, products);
                for (size_t own = 0; own < CNEAREST_QUERIES && query + own < end; own++) {
                    float *values = best_values + (query + own) * limit;
                    __m256 bar = _mm256_set1_ps(values[limit - 1] - slacks[query + own]);
                    __m256 scale = _mm256_set1_ps(scales[query + own]);
                    __m256 length = _mm256_set1_ps(lengths[query + own]);
                    for (size_t half = 0; half < 2; half++) {
                        size_t key = first_key + 8 * half;
                        __m256 product = _mm256_cvtepi32_ps(_mm256_sub_epi32(products[own][half], shifts[half]));
                        __m256 factor = _mm256_mul_ps(scale, _mm256_loadu_ps(keys->scales + key));
                        __m256 slack = _mm256_mul_ps(length, _mm256_loadu_ps(keys->errors + key));
                        __m256 bound = _mm256_fmadd_ps(product, factor, slack);
                        // A bound that is not a number decides nothing.
                        unsigned chosen = (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(bound, bar, _CMP_NLT_UQ));
                        for (; chosen != 0; chosen &= chosen - 1) {
                            size_t found = key + (size_t)__builtin_ctz(chosen);
                            if (found >= keys->count) break;
                            float value = inner_product(
                                queries + (query + own) * keys->dimension, keys->vectors + found * keys->dimension, keys->dimension
                            );
                            insert(value, (uint32_t)found, limit, values, best_keys + (query + own) * limit);
                        }
                    }
                }
            }
        }
    }
}

#else

bool cnearest_is_available(void) { return false; }

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
) {
    __builtin_trap();
}

#endif
