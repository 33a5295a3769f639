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

/// The error function to within 1e-6: x · P(x²) / Q(x²), bounded where it is ±1 (fitted by fit_error_function.py).
inline Floats error_function(Floats x) {
    const Floats z = larger(smaller(x, splat(3.92f)), splat(-3.92f));
    const Floats u = z * z;
    Floats p = splat(-1.6328476704075001e-06f);
    p = p * u + 0.0002906188019551337f;
    p = p * u + 0.01151954848319292f;
    p = p * u + 0.07654977589845657f;
    p = p * u + 0.3943425416946411f;
    p = p * u + 1.128378987312317f;
    Floats q = splat(0.0027177510783076286f);
    q = q * u + 0.03079335391521454f;
    q = q * u + 0.19549211859703064f;
    q = q * u + 0.6828018426895142f;
    q = q * u + 1.0f;
    return z * p / q;
}

inline Floats sigmoid(Floats x) { return 1.0f / (1.0f + exponential(-x)); }

/// Calls `body` with a function that applies the activation.
template <class Body> void with_activation(Activation activation, const Body &body) {
    switch (activation) {
        case Activation::none: return body([](Floats x) { return x; });
        case Activation::relu: return body([](Floats x) { return larger(x, Floats{}); });
        case Activation::gelu:
            return body([](Floats x) { return x * 0.5f * (1.0f + error_function(x * 0.70710678118654752f)); });
        // 0.5 · (1 + tanh(u)) = sigmoid(2u)
        case Activation::gelu_tanh:
            return body([](Floats x) { return x * sigmoid(1.59576912160573071f * (x + 0.044715f * x * x * x)); });
        case Activation::quick_gelu: return body([](Floats x) { return x * sigmoid(1.702f * x); });
        case Activation::silu: return body([](Floats x) { return x * sigmoid(x); });
    }
}
