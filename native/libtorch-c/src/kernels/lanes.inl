// Vectors of `width` 32-bit lanes, as the compiler's vector types, and the few operations that have no operator.
// Included once per instruction set, inside an anonymous namespace.

constexpr size_t width = OPENCLIP_WIDTH;

typedef float Floats __attribute__((vector_size(width * 4)));
typedef int32_t Ints __attribute__((vector_size(width * 4)));
typedef uint32_t Groups __attribute__((vector_size(width * 4)));

template <class Vector, class Element> Vector load(const Element *from) {
    Vector vector;
    __builtin_memcpy(&vector, from, sizeof vector);
    return vector;
}

template <class Vector, class Element> void store(Element *to, Vector vector) {
    __builtin_memcpy(to, &vector, sizeof vector);
}

inline Floats splat(float value) { return Floats{} + value; }
inline Ints splat(int32_t value) { return Ints{} + value; }

template <class To, class From> To bits(From from) {
    static_assert(sizeof(To) == sizeof(From));
    To to;
    __builtin_memcpy(&to, &from, sizeof to);
    return to;
}

// The smaller and the larger of two numbers; b if one is NaN. GCC compares and blends where AVX-512 has an instruction.

inline Floats smaller(Floats a, Floats b) {
#if OPENCLIP_WIDTH == 16 && defined(__AVX512F__)
    return bits<Floats>(_mm512_maskz_min_ps(0xffff, bits<__m512>(a), bits<__m512>(b)));
#else
    return a < b ? a : b;
#endif
}

inline Floats larger(Floats a, Floats b) {
#if OPENCLIP_WIDTH == 16 && defined(__AVX512F__)
    return bits<Floats>(_mm512_maskz_max_ps(0xffff, bits<__m512>(a), bits<__m512>(b)));
#else
    return a > b ? a : b;
#endif
}

/// 1.5 · 2^23: adding it to a number below 2^22 leaves no fraction bits.
constexpr float rounding_magic = 12582912.0f;

/// Rounds to the nearest integer, ties to even, for |x| below 2^22.
inline Floats rounded(Floats x) { return (x + rounding_magic) - rounding_magic; }

inline Ints to_ints(Floats x) { return __builtin_convertvector(x, Ints); }
inline Floats to_floats(Ints x) { return __builtin_convertvector(x, Floats); }

/// The vector's elements from `from` on, as many as there are up to `count`; 0 beyond.
inline Floats load_some(const float *from, size_t count) {
    if (count >= width) return load<Floats>(from);
    Floats vector{};
    __builtin_memcpy(&vector, from, count * sizeof(float));
    return vector;
}

template <size_t... lane> Ints lane_numbers(std::index_sequence<lane...>) { return Ints{lane...}; }

/// The first `count` lanes of x; `other` in the lanes behind them.
inline Floats first_lanes(Floats x, size_t count, float other) {
    const Ints lanes = lane_numbers(std::make_index_sequence<width>());
    return lanes < static_cast<int32_t>(count) ? x : splat(other);
}

/// The lanes of x, each with the one `distance` lanes away, both ways.
template <size_t distance, size_t... lane> Floats swapped(Floats x, std::index_sequence<lane...>) {
    return __builtin_shufflevector(x, x, (lane ^ distance)...);
}

/// Combines all lanes, in pairs of halves.
template <size_t distance = width / 2, class Combine> float reduced(Floats x, const Combine &combine) {
    const Floats pairs = combine(x, swapped<distance>(x, std::make_index_sequence<width>()));
    if constexpr (distance > 1) return reduced<distance / 2>(pairs, combine);
    else return pairs[0];
}

inline float sum(Floats x) {
    return reduced(x, [](Floats a, Floats b) { return a + b; });
}

inline float largest(Floats x) { return reduced(x, larger); }

// Dot products of the groups in each lane, added to a lane of `sums`.

/// fp32: one element in a group.
struct Singles {
    using Sums = Floats;
    static constexpr size_t group = 1;
    static Sums add(Sums sums, Groups a, Groups b) { return sums + bits<Floats>(a) * bits<Floats>(b); }
};

/// int8 as two signed 16-bit integers in a group, for CPUs that cannot multiply 8-bit integers without saturation.
struct Pairs {
    using Sums = Ints;
    static constexpr size_t group = 2;
    static Sums add(Sums sums, Groups a, Groups b) {
#if OPENCLIP_WIDTH == 16 && defined(__AVX512BW__)
        return sums + bits<Ints>(_mm512_madd_epi16(bits<__m512i>(a), bits<__m512i>(b)));
#elif OPENCLIP_WIDTH == 8 && defined(__AVX2__)
        return sums + bits<Ints>(_mm256_madd_epi16(bits<__m256i>(a), bits<__m256i>(b)));
#else
        const Ints x = bits<Ints>(a), y = bits<Ints>(b);
        return sums + ((x << 16) >> 16) * ((y << 16) >> 16) + (x >> 16) * (y >> 16);
#endif
    }
};

/// int8 as four bytes in a group: unsigned of the rows, signed of the weights.
struct Quads {
    using Sums = Ints;
    static constexpr size_t group = 4;
    static Sums add(Sums sums, Groups a, Groups b) {
#if OPENCLIP_WIDTH == 16 && defined(__AVX512VNNI__)
        return bits<Ints>(_mm512_dpbusd_epi32(bits<__m512i>(sums), bits<__m512i>(a), bits<__m512i>(b)));
#elif OPENCLIP_WIDTH == 8 && defined(__AVXVNNI__)
        return bits<Ints>(_mm256_dpbusd_avx_epi32(bits<__m256i>(sums), bits<__m256i>(a), bits<__m256i>(b)));
#else
        const Ints x = bits<Ints>(a), y = bits<Ints>(b);
        return sums + (x & 255) * ((y << 24) >> 24) + ((x >> 8) & 255) * ((y << 16) >> 24) +
               ((x >> 16) & 255) * ((y << 8) >> 24) + ((x >> 24) & 255) * (y >> 24);
#endif
    }
};

/// bf16: two elements in a group.
struct Halves {
    using Sums = Floats;
    static constexpr size_t group = 2;
    static Sums add(Sums sums, Groups a, Groups b) {
#if OPENCLIP_WIDTH == 16 && defined(__AVX512BF16__)
        return bits<Floats>(_mm512_dpbf16_ps(bits<__m512>(sums), bits<__m512bh>(a), bits<__m512bh>(b)));
#else
        const Groups high{Groups{} + 0xffff0000u};
        return sums + bits<Floats>(a << 16) * bits<Floats>(b << 16) + bits<Floats>(a & high) * bits<Floats>(b & high);
#endif
    }
};

#if OPENCLIP_QUADS
using Integers = Quads;
#else
using Integers = Pairs;
#endif
