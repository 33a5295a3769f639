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

inline Floats smaller(Floats a, Floats b) { return a < b ? a : b; }
inline Floats larger(Floats a, Floats b) { return a > b ? a : b; }

/// Rounds to the nearest integer, ties to even, for |x| below 2^22.
inline Floats rounded(Floats x) {
    const Floats magic = splat(12582912.0f);  // 1.5 · 2^23: adding it leaves no fraction bits
    return (x + magic) - magic;
}

inline Ints to_ints(Floats x) { return __builtin_convertvector(x, Ints); }
inline Floats to_floats(Ints x) { return __builtin_convertvector(x, Floats); }

/// The vector's elements from `from` on, as many as there are up to `count`; 0 beyond.
inline Floats load_some(const float *from, size_t count) {
    if (count >= width) return load<Floats>(from);
    Floats vector{};
    __builtin_memcpy(&vector, from, count * sizeof(float));
    return vector;
}

/// The first `count` lanes of x; `other` in the lanes behind them.
inline Floats first_lanes(Floats x, size_t count, float other) {
    for (size_t lane = count; lane < width; ++lane) x[lane] = other;
    return x;
}

inline float sum(Floats x) {
    float total = 0;
    for (size_t i = 0; i < width; ++i) total += x[i];
    return total;
}

inline float largest(Floats x) {
    float most = x[0];
    for (size_t i = 1; i < width; ++i) most = x[i] > most ? x[i] : most;
    return most;
}

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
