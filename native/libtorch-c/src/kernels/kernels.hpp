// The arithmetic of the operators, without libtorch: products with packed weights, normalisation, attention.
//
// Everything is compiled once for each instruction set and chosen at run time. Every result depends only on the rows
// that it is computed from, in a fixed order of additions: not on how many rows there are, on their position, or on the
// thread. On all instruction sets int8 products are exact sums of 32-bit integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ltc::kernels {

/// The data type of a product's operands. Sums are fp32, and exact 32-bit integers for int8.
enum class Precision { fp32, bf16, int8 };

enum class Activation { none, relu, gelu, gelu_tanh, quick_gelu, silu };

/// How a row of an operand becomes 8-bit integers: q = clamp(round(x / scale) + zero_point, 0, 255).
struct Quantisation {
    float scale = 1;
    int32_t zero_point = 0;
};

/// What is subtracted from bytes. Errors of rounded weights are multiplied by the operand, so it should be around 0.
inline constexpr int32_t byte_centre = 128;

/// An operand of a product, ready for the kernels: `rows` rows of `stride` bytes, in the layout of one instruction set.
struct Operand {
    char *data;
    size_t stride;

    char *row(size_t index) const { return data + index * stride; }
};

/// Weights, [columns, depth], in the layout of one instruction set.
struct PackedWeights {
    Precision precision = Precision::fp32;
    size_t columns = 0, depth = 0;
    /// 32-bit groups of consecutive elements along the depth: [panel][group][column of the panel].
    uint32_t *groups = nullptr;
    /// For each column, padded to whole panels. Scales and sums exist for int8 only.
    float *bias = nullptr, *scales = nullptr;
    int32_t *sums = nullptr;
};

/// What happens to a product: activation(product + bias), then addition of `residual`, then storing.
struct Epilogue {
    Activation activation = Activation::none;
    /// Quantisation of the first operand; int8 only.
    Quantisation input;
    /// fp32 output and its row stride in floats; null if the result is an operand.
    float *output = nullptr;
    size_t output_stride = 0;
    /// fp32 [rows, columns], added; may be `output` itself.
    const float *residual = nullptr;
    size_t residual_stride = 0;
    /// The result as an operand of another product, from byte `operand_offset` of its rows on.
    Operand operand{nullptr, 0};
    Precision operand_precision = Precision::fp32;
    Quantisation operand_quantisation;
    size_t operand_first_column = 0;
};

struct Normalisation {
    const float *weight, *bias;  // [width]
    float epsilon;
};

/// One image's attention: queries, keys and values of all heads side by side in each row.
struct Attention {
    const char *queries, *keys, *values;
    size_t stride;  // of their rows, in bytes
    /// Of queries, keys and values: fp32, or bf16 if the head width is even.
    Precision precision;
    /// Rows of queries, from the first on; rows of keys and values; elements of each.
    size_t query_count, tokens, head_width;
    /// fp32 [query_count, tokens], added to the scaled products; may be null.
    const float *mask;
    float scale;
};

/// One instruction set's functions.
struct Kernels {
    const char *name;
    bool has_bf16;
    /// Columns in a panel of packed weights.
    size_t panel;
    /// Elements in a 32-bit group.
    size_t (*group)(Precision);

    /// Bytes of a row of an operand with `depth` elements, a multiple of 64.
    size_t (*operand_stride)(Precision, size_t depth);
    /// Packs `weights`, fp32 [columns, depth], with `bias` (or null), into memory of the caller that is all 0.
    void (*pack)(PackedWeights &, const float *weights, const float *bias);
    /// Converts rows to an operand.
    void (*convert)(const float *input, size_t input_stride, size_t rows, size_t depth, Precision, Quantisation,
                    Operand);
    /// Stores `count` bytes, such as pixels, minus `byte_centre` as the elements of an operand's row from `first` on; for
    /// int8, as the integers of a quantisation with scale 1 and that zero point.
    void (*convert_bytes)(const uint8_t *input, size_t count, Precision, char *row, size_t first);
    /// Sets what is left of a row's last group to 0; only after `convert_bytes`, which does not.
    void (*clear_padding)(char *row, size_t depth, Precision);
    /// Normalises rows (layer norm) and converts them to an operand.
    void (*normalise)(const float *input, size_t input_stride, size_t rows, size_t depth, const Normalisation &,
                      Precision, Quantisation, Operand);
    /// rows × the panels from `first` up to `last` of the weights.
    void (*multiply)(Operand, size_t rows, const PackedWeights &, size_t first, size_t last, const Epilogue &);
    /// Bytes of working memory that `attend` needs.
    size_t (*attention_bytes)(Precision, size_t tokens, size_t head_width);
    /// One head of one image: softmax(queries · keysᵀ · scale + mask) · values, stored through `epilogue`.
    void (*attend)(const Attention &, char *memory, const Epilogue &);
};

inline size_t panels(const Kernels &kernels, size_t columns) { return (columns + kernels.panel - 1) / kernels.panel; }

/// All variants that this CPU supports, the fastest first.
const std::vector<const Kernels *> &available();

/// The fastest variant, or the one that the environment variable OPENCLIP_KERNELS names.
const Kernels &best();

}  // namespace ltc::kernels
