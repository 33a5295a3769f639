// Elementary functions on vectors.

/// e^x to within 2 units in the last place; 0 below -87.3, e^88 above 88.
inline Floats exponential(Floats x) {
    const Floats least = splat(-87.3f);
    const Floats bounded = larger(smaller(x, splat(88.0f)), least);
    const Floats n = rounded(bounded * 1.44269504088896341f);
    // ln 2 in two parts, so that the product with n is exact in the first.
    const Floats r = (bounded - n * 0.693359375f) + n * 2.12194440e-4f;
    // The Taylor series of (e^r - 1 - r) / r² up to r^7 / 7!, for |r| ≤ ln 2 / 2.
    Floats p = splat(1.0f / 5040);
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    const Floats mantissa = p * r * r + r + 1.0f;
    const Floats power = bits<Floats>((to_ints(n) + 127) << 23);
    return x < least ? Floats{} : mantissa * power;
}

/// The error function to within 3e-7 (Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26).
inline Floats error_function(Floats x) {
    const Floats z = x < 0.0f ? -x : x;
    const Floats t = 1.0f / (1.0f + z * 0.3275911f);
    Floats p = splat(1.061405429f);
    p = p * t - 1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t - 0.284496736f;
    p = p * t + 0.254829592f;
    const Floats y = 1.0f - p * t * exponential(-z * z);
    return x < 0.0f ? -y : y;
}

inline Floats sigmoid(Floats x) { return 1.0f / (1.0f + exponential(-x)); }

inline Floats activated(Floats x, Activation activation) {
    switch (activation) {
        case Activation::none: return x;
        case Activation::relu: return larger(x, Floats{});
        case Activation::gelu: return x * 0.5f * (1.0f + error_function(x * 0.70710678118654752f));
        // 0.5 · (1 + tanh(u)) = sigmoid(2u)
        case Activation::gelu_tanh: return x * sigmoid(1.59576912160573071f * (x + 0.044715f * x * x * x));
        case Activation::quick_gelu: return x * sigmoid(1.702f * x);
        case Activation::silu: return x * sigmoid(x);
    }
    __builtin_unreachable();
}
