#include "crc32.hpp"

#include <arrow/util/crc32.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pqc {

#if defined(__x86_64__)
namespace {

constexpr size_t block_size = 64;

/// Folds whole blocks into 16 bytes with the same remainder, by multiplication without carries (Gopal et al., Fast CRC
/// Computation for Generic Polynomials Using PCLMULQDQ Instruction, Intel, 2009; the constants are those of its page 22).
__attribute__((target("pclmul,sse2"))) __m128i fold(uint32_t previous, const uint8_t *bytes, size_t blocks) {
    const auto load = [](const uint8_t *from) { return _mm_loadu_si128(reinterpret_cast<const __m128i *>(from)); };
    __m128i by = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
    __m128i sums[4];
    for (int i = 0; i < 4; ++i) sums[i] = load(bytes + 16 * i);
    sums[0] = _mm_xor_si128(sums[0], _mm_cvtsi32_si128(static_cast<int>(~previous)));
    for (size_t block = 1; block < blocks; ++block) {
        bytes += block_size;
        for (int i = 0; i < 4; ++i) {
            const __m128i low = _mm_clmulepi64_si128(sums[i], by, 0x00), high = _mm_clmulepi64_si128(sums[i], by, 0x11);
            sums[i] = _mm_xor_si128(_mm_xor_si128(low, high), load(bytes + 16 * i));
        }
    }
    by = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
    __m128i sum = sums[0];
    for (int i = 1; i < 4; ++i) {
        const __m128i low = _mm_clmulepi64_si128(sum, by, 0x00), high = _mm_clmulepi64_si128(sum, by, 0x11);
        sum = _mm_xor_si128(_mm_xor_si128(low, high), sums[i]);
    }
    return sum;
}

}  // namespace

uint32_t crc32(uint32_t previous, const uint8_t *bytes, size_t size) {
    static const bool can_multiply = __builtin_cpu_supports("pclmul");
    if (const size_t blocks = size / block_size; blocks > 0 && can_multiply) {
        const __m128i sum = fold(previous, bytes, blocks);
        // The 16 bytes already contain what was before, so nothing may be before them.
        previous = arrow::internal::crc32(~0u, &sum, sizeof sum);
        bytes += blocks * block_size;
        size -= blocks * block_size;
    }
    return arrow::internal::crc32(previous, bytes, size);
}

#else

uint32_t crc32(uint32_t previous, const uint8_t *bytes, size_t size) {
    return arrow::internal::crc32(previous, bytes, size);
}

#endif

}  // namespace pqc
