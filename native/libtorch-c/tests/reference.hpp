// What the kernels compute, in double precision.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "../src/kernels/kernels.hpp"

namespace ltc::kernels {

inline constexpr Quantisation input_quantisation{8.0f / 255, 120};

inline double quantised(double x, Quantisation q) {
    // The quotient in fp32, as everywhere: near a tie, the last bit decides.
    const float quotient = static_cast<float>(x) * (1 / q.scale);
    const double integer = std::clamp(std::nearbyint(double(quotient)) + q.zero_point, 0.0, 255.0);
    return (integer - q.zero_point) * q.scale;
}

inline double activated(double x, Activation activation) {
    switch (activation) {
        case Activation::none: return x;
        case Activation::relu: return std::max(x, 0.0);
        case Activation::gelu: return x * 0.5 * (1 + std::erf(x / std::sqrt(2.0)));
        case Activation::gelu_tanh: return x * 0.5 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
        case Activation::quick_gelu: return x / (1 + std::exp(-1.702 * x));
        case Activation::silu: return x / (1 + std::exp(-x));
    }
    std::abort();
}

/// The nearest bf16 number, ties to even.
inline float nearest_bf16(float number) {
    uint32_t u;
    std::memcpy(&u, &number, 4);
    u = (u + 0x7fff + ((u >> 16) & 1)) & 0xffff0000u;
    std::memcpy(&number, &u, 4);
    return number;
}

/// What the product of quantised or rounded operands is, exactly.
inline std::vector<double> expected(Precision precision, const std::vector<float> &a, const std::vector<float> &w,
                                    const std::vector<float> &bias, size_t rows, size_t depth, Activation activation) {
    const size_t columns = bias.size();
    std::vector<double> result(rows * columns), x(a.begin(), a.end()), y(w.begin(), w.end());
    if (precision == Precision::int8) {
        for (double &value : x) value = quantised(value, input_quantisation);
        for (size_t column = 0; column < columns; ++column) {
            float most = 0;
            for (size_t k = 0; k < depth; ++k) most = std::max(most, std::fabs(w[column * depth + k]));
            const float scale = most > 0 ? most / 127 : 1;
            for (size_t k = 0; k < depth; ++k)
                y[column * depth + k] = std::rint(w[column * depth + k] * (1 / scale)) * scale;
        }
    } else if (precision == Precision::bf16) {
        for (auto *values : {&x, &y}) {
            for (double &value : *values) value = nearest_bf16(static_cast<float>(value));
        }
    }
    for (size_t i = 0; i < rows; ++i) {
        for (size_t j = 0; j < columns; ++j) {
            double sum = 0;
            for (size_t k = 0; k < depth; ++k) sum += x[i * depth + k] * y[j * depth + k];
            result[i * columns + j] = activated(sum + bias[j], activation);
        }
    }
    return result;
}

}  // namespace ltc::kernels
