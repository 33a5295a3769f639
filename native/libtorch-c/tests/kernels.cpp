// Every instruction set of this CPU against plain arithmetic in double precision; layouts of the others by emulation.
#include "../src/kernels/kernels.hpp"
#include "reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

namespace ltc::kernels {
extern const Kernels emulated_quads;
}

namespace {

using namespace ltc::kernels;

int failures = 0;

void expect(bool condition, const Kernels &kernels, const char *what, size_t rows, size_t columns, size_t depth,
            double value) {
    if (condition) return;
    ++failures;
    std::fprintf(stderr, "%s: %s at %zu rows, %zu columns, depth %zu: %g\n", kernels.name, what, rows, columns, depth,
                 value);
}

std::shared_ptr<char> memory(size_t bytes) {
    char *const start = static_cast<char *>(std::aligned_alloc(64, (bytes + 127) / 64 * 64));
    std::memset(start, 0, (bytes + 127) / 64 * 64);
    return {start, std::free};
}

std::mt19937 generator(1);

std::vector<float> numbers(size_t count, float deviation = 1) {
    std::normal_distribution<float> normal(0, deviation);
    std::vector<float> values(count);
    for (float &value : values) value = normal(generator);
    return values;
}

struct Weights {
    PackedWeights packed;
    std::shared_ptr<char> storage;

    Weights(const Kernels &kernels, Precision precision, const std::vector<float> &weights,
            const std::vector<float> &bias, size_t depth) {
        packed.precision = precision;
        packed.columns = bias.size();
        packed.depth = depth;
        const size_t group = kernels.group(precision);
        const size_t columns = panels(kernels, bias.size()) * kernels.panel;
        const size_t words = columns * ((depth + group - 1) / group);
        storage = memory((words + 3 * columns) * 4);
        packed.groups = reinterpret_cast<uint32_t *>(storage.get());
        packed.bias = reinterpret_cast<float *>(packed.groups + words);
        packed.scales = packed.bias + columns;
        packed.sums = reinterpret_cast<int32_t *>(packed.scales + columns);
        kernels.pack(packed, weights.data(), bias.data());
    }
};

void check_product(const Kernels &kernels, Precision precision, size_t rows, size_t columns, size_t depth,
                   Activation activation) {
    const auto a = numbers(rows * depth), w = numbers(columns * depth, 0.1f), bias = numbers(columns);
    const Weights weights(kernels, precision, w, bias, depth);
    const size_t stride = kernels.operand_stride(precision, depth);
    const auto storage = memory(rows * stride);
    const Operand operand{storage.get(), stride};
    kernels.convert(a.data(), depth, rows, depth, precision, input_quantisation, operand);
    std::vector<float> output(rows * columns + 1, 77);
    Epilogue epilogue;
    epilogue.activation = activation;
    epilogue.input = input_quantisation;
    epilogue.output = output.data();
    epilogue.output_stride = columns;
    kernels.multiply(operand, rows, weights.packed, 0, panels(kernels, columns), epilogue);
    const auto wanted = expected(precision, a, w, bias, rows, depth, activation);
    double difference = 0, size = 1;
    for (size_t i = 0; i < wanted.size(); ++i) {
        difference = std::max(difference, std::fabs(wanted[i] - output[i]));
        size = std::max(size, std::fabs(wanted[i]));
    }
    // Rounding of the sums: depth · 2^-24 of the largest partial sum, with room for the activations' own 3e-7.
    expect(difference < 2e-6 * size * std::sqrt(static_cast<double>(depth)), kernels, "product differs", rows, columns,
           depth, difference);
    expect(output.back() == 77, kernels, "product writes behind its end", rows, columns, depth, output.back());

    // The same as an operand of another product, and alone: the same bits.
    std::vector<float> single(columns);
    epilogue.output = single.data();
    const Operand last{operand.row(rows - 1), stride};
    kernels.multiply(last, 1, weights.packed, 0, panels(kernels, columns), epilogue);
    expect(std::memcmp(single.data(), &output[(rows - 1) * columns], columns * 4) == 0, kernels, "a row alone differs",
           rows, columns, depth, 0);
}

void check_operand(const Kernels &kernels, Precision precision, size_t depth) {
    // A product with the identity gives the operand back.
    std::vector<float> identity(depth * depth), zero(depth);
    for (size_t i = 0; i < depth; ++i) identity[i * depth + i] = 1;
    const Weights weights(kernels, precision, identity, zero, depth);
    const auto x = numbers(3 * depth, 2);
    const auto weight = numbers(depth, 0.5f), bias = numbers(depth, 0.5f);
    const size_t stride = kernels.operand_stride(precision, depth);
    const auto storage = memory(3 * stride);
    const Operand operand{storage.get(), stride};
    kernels.normalise(x.data(), depth, 3, depth, {weight.data(), bias.data(), 1e-5f}, precision, input_quantisation,
                      operand);
    std::vector<float> output(3 * depth);
    Epilogue epilogue;
    epilogue.input = input_quantisation;
    epilogue.output = output.data();
    epilogue.output_stride = depth;
    kernels.multiply(operand, 3, weights.packed, 0, panels(kernels, depth), epilogue);
    double difference = 0;
    for (size_t row = 0; row < 3; ++row) {
        double mean = 0, variance = 0;
        for (size_t i = 0; i < depth; ++i) mean += x[row * depth + i] / static_cast<double>(depth);
        for (size_t i = 0; i < depth; ++i)
            variance += std::pow(x[row * depth + i] - mean, 2) / static_cast<double>(depth);
        for (size_t i = 0; i < depth; ++i) {
            double wanted = (x[row * depth + i] - mean) / std::sqrt(variance + 1e-5) * weight[i] + bias[i];
            if (precision == Precision::int8) wanted = std::clamp(wanted, -120 * 8.0 / 255, 135 * 8.0 / 255);
            difference = std::max(difference, std::fabs(wanted - output[row * depth + i]));
        }
    }
    const double allowed = precision == Precision::fp32   ? 1e-5
                           : precision == Precision::bf16 ? 0.02
                                                          : 8.0 / 255 / 2 + 1e-4;
    expect(difference < allowed, kernels, "normalisation differs", 3, depth, depth, difference);
}

void check_attention(const Kernels &kernels, Precision precision, size_t tokens, size_t head_width, bool has_mask) {
    const size_t stride = 3 * head_width + 6;
    const bool is_bf16 = precision == Precision::bf16;
    auto parts = numbers(tokens * stride);
    if (is_bf16) {
        for (float &value : parts) value = nearest_bf16(value);
    }
    const size_t row_bytes = kernels.operand_stride(precision, stride);
    const auto operand = memory(tokens * row_bytes);
    kernels.convert(parts.data(), stride, tokens, stride, precision, {}, {operand.get(), row_bytes});
    std::vector<float> mask(tokens * tokens);
    for (size_t i = 0; i < tokens; ++i) {
        for (size_t j = i + 1; j < tokens; ++j) mask[i * tokens + j] = -INFINITY;
    }
    const float scale = 1 / std::sqrt(static_cast<float>(head_width));
    const auto storage = memory(kernels.attention_bytes(precision, tokens, head_width));
    std::vector<float> output(tokens * head_width);
    Epilogue epilogue;
    epilogue.output = output.data();
    epilogue.output_stride = head_width;
    const size_t part = head_width * (is_bf16 ? 2 : 4);
    kernels.attend({operand.get(), operand.get() + part, operand.get() + 2 * part, row_bytes, precision, tokens,
                    tokens, head_width, has_mask ? mask.data() : nullptr, scale},
                   storage.get(), epilogue);
    double difference = 0;
    for (size_t i = 0; i < tokens; ++i) {
        std::vector<double> weights(tokens);
        double total = 0;
        for (size_t j = 0; j < tokens; ++j) {
            double product = 0;
            for (size_t k = 0; k < head_width; ++k) {
                product += double(parts[i * stride + k]) * parts[j * stride + head_width + k];
            }
            weights[j] = has_mask && j > i ? 0 : std::exp(product * scale);
            total += weights[j];
        }
        for (size_t k = 0; k < head_width; ++k) {
            double wanted = 0;
            for (size_t j = 0; j < tokens; ++j) wanted += weights[j] / total * parts[j * stride + 2 * head_width + k];
            difference = std::max(difference, std::fabs(wanted - output[i * head_width + k]));
        }
    }
    // Probabilities are rounded to 8 bits in bf16, by 1/512 at most, and values are below 4.
    expect(difference < (is_bf16 ? 4.0 / 512 : 5e-6), kernels, "attention differs", tokens, head_width, tokens, difference);
}

void check(const Kernels &kernels) {
    const Activation activations[] = {Activation::none,      Activation::relu,       Activation::gelu,
                                      Activation::gelu_tanh, Activation::quick_gelu, Activation::silu};
    size_t turn = 0;
    for (const Precision precision : {Precision::fp32, Precision::bf16, Precision::int8}) {
        for (const size_t rows : {1, 5, 6, 7, 50}) {
            for (const size_t columns : {1, 16, 63, 130}) {
                for (const size_t depth : {1, 3, 48, 257}) {
                    check_product(kernels, precision, rows, columns, depth, activations[turn++ % 6]);
                }
            }
        }
        for (const size_t depth : {1, 3, 16, 100}) check_operand(kernels, precision, depth);
    }
    for (const size_t tokens : {1, 7, 50, 77, 197}) {
        for (const Precision precision : {Precision::fp32, Precision::bf16}) {
            check_attention(kernels, precision, tokens, 64, tokens == 77);
            check_attention(kernels, precision, tokens, 20, false);
        }
    }
}

/// int8 products are sums of integers, so all instruction sets give the same bits.
void check_equality(const Kernels &first, const Kernels &second) {
    const size_t rows = 7, columns = 70, depth = 203;
    const auto a = numbers(rows * depth), w = numbers(columns * depth), bias = numbers(columns);
    std::vector<float> outputs[2];
    const Kernels *const both[] = {&first, &second};
    for (size_t i = 0; i < 2; ++i) {
        const Kernels &kernels = *both[i];
        const Weights weights(kernels, Precision::int8, w, bias, depth);
        const size_t stride = kernels.operand_stride(Precision::int8, depth);
        const auto storage = memory(rows * stride);
        kernels.convert(a.data(), depth, rows, depth, Precision::int8, input_quantisation, {storage.get(), stride});
        outputs[i].resize(rows * columns);
        Epilogue epilogue;
        epilogue.input = input_quantisation;
        epilogue.output = outputs[i].data();
        epilogue.output_stride = columns;
        kernels.multiply({storage.get(), stride}, rows, weights.packed, 0, panels(kernels, columns), epilogue);
    }
    double difference = 0;
    for (size_t i = 0; i < outputs[0].size(); ++i)
        difference = std::max<double>(difference, std::fabs(outputs[0][i] - outputs[1][i]));
    // Only scaling and bias are rounded: with or without one fused operation.
    expect(difference < 1e-4, second, "int8 differs from the first instruction set", rows, columns, depth, difference);
}

}  // namespace

int main() {
    std::vector<const Kernels *> all = available();
    all.push_back(&emulated_quads);
    for (const Kernels *kernels : all) {
        check(*kernels);
        check_equality(*all.front(), *kernels);
        std::printf("%s: checked\n", kernels->name);
    }
    return failures == 0 ? 0 : 1;
}
