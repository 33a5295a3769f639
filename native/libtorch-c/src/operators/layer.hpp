// A linear layer, and the normalisation before it, in the precision that was chosen when the module was loaded.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <ATen/core/Tensor.h>

#include "../kernels/kernels.hpp"

namespace ltc::operators {

/// The precision of layers that the calling thread creates or loads.
kernels::Precision loading_precision();

void set_loading_precision(kernels::Precision);

/// While the object exists, operators that the calling thread creates are read from a file: in this precision, and with
/// stored weights that nobody else needs, whose memory is freed as soon as they are packed. The unpickler would hold all
/// of them until the whole module is read.
class ReadingModule {
public:
    explicit ReadingModule(kernels::Precision);
    ~ReadingModule();
    ReadingModule(const ReadingModule &) = delete;
    ReadingModule &operator=(const ReadingModule &) = delete;

private:
    const kernels::Precision earlier;
};

/// "fp32", "bf16" or "int8". Throws c10::Error for any other name and for a precision that this CPU has not.
kernels::Precision precision_named(const std::string &);
std::vector<std::string> precision_names();

kernels::Activation activation_named(const std::string &);

/// Smallest and largest value that a layer's input had in calibration, widened to include 0; empty if not calibrated.
using Range = std::vector<double>;

/// What is stored of a linear layer: weight, fp32 [columns, depth]; bias, fp32 [columns]; range of its input.
using LayerState = std::tuple<at::Tensor, std::optional<at::Tensor>, Range>;

/// A linear layer. Packed for the CPU if its weights are on the CPU; otherwise libtorch computes it.
class Layer {
public:
    /// `centre` is what the operand lacks of every input; packed weights make up for it in the bias.
    ///
    /// Throws c10::Error for shapes, types or a range that are not those of a linear layer.
    explicit Layer(const LayerState &, double centre = 0);

    bool is_packed() const { return memory != nullptr; }
    kernels::Precision precision() const { return packed.precision; }
    kernels::Quantisation input() const { return quantisation; }
    size_t columns() const { return packed.columns; }
    size_t depth() const { return packed.depth; }
    size_t panels() const;
    size_t operand_stride() const;
    const kernels::PackedWeights &weights() const { return packed; }

    /// input · weightᵀ + bias with libtorch, for layers that are not packed.
    at::Tensor apply(const at::Tensor &input) const;

private:
    void pack(const at::Tensor &weight, const std::optional<at::Tensor> &bias);

    at::Tensor weight;
    std::optional<at::Tensor> bias;
    kernels::PackedWeights packed;
    kernels::Quantisation quantisation;
    std::shared_ptr<char> memory;
};

/// What is stored of a layer normalisation: weight and bias, fp32 [width], and epsilon; empty if there is none.
using NormState = std::tuple<std::optional<at::Tensor>, std::optional<at::Tensor>, double>;

/// Layer normalisation before a layer, or none.
class Norm {
public:
    explicit Norm(const NormState &, size_t width);

    /// Writes rows as the layer's operand.
    void prepare(const float *input, size_t rows, const Layer &, kernels::Operand) const;

    at::Tensor apply(const at::Tensor &input) const;

private:
    at::Tensor weight, bias;  // undefined if there is none
    double epsilon;
};

/// libtorch's version of an activation.
at::Tensor activated(const at::Tensor &, kernels::Activation);

}  // namespace ltc::operators
