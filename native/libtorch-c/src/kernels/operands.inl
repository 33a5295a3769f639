// Rows of operands: conversion of fp32 values to a precision's groups.

size_t group(Precision precision) {
    switch (precision) {
        case Precision::fp32: return Singles::group;
        case Precision::bf16: return Halves::group;
        case Precision::int8: return Integers::group;
    }
    __builtin_unreachable();
}

size_t element_bytes(Precision precision) { return 4 / group(precision); }

size_t group_count(Precision precision, size_t depth) { return (depth + group(precision) - 1) / group(precision); }

size_t operand_stride(Precision precision, size_t depth) { return (group_count(precision, depth) * 4 + 63) / 64 * 64; }

typedef uint8_t Bytes __attribute__((vector_size(width)));
typedef int8_t SignedBytes __attribute__((vector_size(width)));
typedef int16_t Shorts __attribute__((vector_size(width * 2)));
typedef uint16_t Words __attribute__((vector_size(width * 2)));

/// The upper halves of fp32 numbers, rounded to the nearest bf16, ties to even. NaN stays NaN.
inline Words to_bf16(Floats x) {
#if OPENCLIP_WIDTH == 16 && defined(__AVX512BF16__)
    return bits<Words>(_mm512_cvtneps_pbh(bits<__m512>(x)));
#else
    const Groups u = bits<Groups>(x);
    const Groups nearest = (u + 0x7fffu + ((u >> 16) & 1u)) >> 16;
    return __builtin_convertvector(x == x ? nearest : (u >> 16) | 0x40u, Words);
#endif
}

/// A quantisation, prepared for vectors.
struct Quantiser {
    float inverse, least, most;
    /// Adding it to a bounded number leaves the rounded integer, with the zero point, in the lowest bits.
    float magic;
    int32_t zero_point;

    explicit Quantiser(Quantisation q)
        : inverse(1 / q.scale), least(static_cast<float>(-q.zero_point)), most(static_cast<float>(255 - q.zero_point)),
          magic(rounding_magic + static_cast<float>(q.zero_point)), zero_point(q.zero_point) {}

    /// Integers from 0 to 255; a NaN becomes 0.
    Ints operator()(Floats x) const {
        return bits<Ints>(smaller(larger(x * inverse, splat(least)), splat(most)) + magic) & 255;
    }
};

/// Stores `count` elements, at most `width`, at element `column` of an operand's row.
inline void store_elements(char *row, size_t column, Floats x, size_t count, Precision precision,
                           const Quantiser &quantiser) {
    char *const to = row + column * element_bytes(precision);
    const auto put = [&](auto vector, size_t bytes) {
        if (count >= width) return store(to, vector);
        __builtin_memcpy(to, &vector, count * bytes);
    };
    switch (precision) {
        case Precision::fp32: return put(x, 4);
        case Precision::bf16: return put(to_bf16(x), 2);
        case Precision::int8: {
            const Ints q = quantiser(x);
#if OPENCLIP_QUADS
            return put(__builtin_convertvector(q, Bytes), 1);
#else
            return put(__builtin_convertvector(q - splat(quantiser.zero_point), Shorts), 2);
#endif
        }
    }
}

/// Sets the elements between the depth and the end of its last group to 0.
void clear_padding(char *row, size_t depth, Precision precision) {
    const size_t used = depth * element_bytes(precision);
    __builtin_memset(row + used, 0, group_count(precision, depth) * 4 - used);
}

void convert(const float *input, size_t input_stride, size_t rows, size_t depth, Precision precision,
             Quantisation quantisation, Operand operand) {
    const Quantiser quantiser(quantisation);
    for (size_t row = 0; row < rows; ++row) {
        const float *const from = input + row * input_stride;
        char *const to = operand.row(row);
        for (size_t i = 0; i < depth; i += width) {
            store_elements(to, i, load_some(from + i, depth - i), depth - i, precision, quantiser);
        }
        clear_padding(to, depth, precision);
    }
}

void convert_bytes(const uint8_t *input, size_t count, Precision precision, char *row, size_t first) {
#if OPENCLIP_QUADS
    if (precision == Precision::int8) {
        __builtin_memcpy(row + first, input, count);
        return;
    }
#endif
    const Quantiser quantiser({1, byte_centre});
    for (size_t i = 0; i < count; i += width) {
        Bytes bytes{};
        const size_t some = count - i < width ? count - i : width;
        __builtin_memcpy(&bytes, input + i, some);
        const Floats centred = __builtin_convertvector(bytes, Floats) - static_cast<float>(byte_centre);
        store_elements(row, first + i, centred, some, precision, quantiser);
    }
}

/// Layer normalisation: (x - mean) / sqrt(variance + epsilon) · weight + bias, with the variance of the population.
void normalise(const float *input, size_t input_stride, size_t rows, size_t depth, const Normalisation &normalisation,
               Precision precision, Quantisation quantisation, Operand operand) {
    const Quantiser quantiser(quantisation);
    for (size_t row = 0; row < rows; ++row) {
        const float *const from = input + row * input_stride;
        Floats total{};
        for (size_t i = 0; i < depth; i += width) total += load_some(from + i, depth - i);
        const float mean = sum(total) / static_cast<float>(depth);
        Floats squares{};
        for (size_t i = 0; i < depth; i += width) {
            const size_t count = depth - i;
            const Floats difference = load_some(from + i, count) - mean;
            const Floats counted = count >= width ? difference : first_lanes(difference, count, 0);
            squares += counted * counted;
        }
        const float factor = 1 / __builtin_sqrtf(sum(squares) / static_cast<float>(depth) + normalisation.epsilon);
        char *const to = operand.row(row);
        for (size_t i = 0; i < depth; i += width) {
            const size_t count = depth - i;
            const Floats x = (load_some(from + i, count) - mean) * factor;
            const Floats y = x * load_some(normalisation.weight + i, count) + load_some(normalisation.bias + i, count);
            store_elements(to, i, y, count, precision, quantiser);
        }
        clear_padding(to, depth, precision);
    }
}
