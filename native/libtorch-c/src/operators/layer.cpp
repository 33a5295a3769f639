#include "layer.hpp"

#include <algorithm>
#include <cmath>
#include <new>

#include <sys/mman.h>

#include <ATen/TensorOperators.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <c10/util/Exception.h>

namespace ltc::operators {

using kernels::Activation;
using kernels::Precision;

namespace {

thread_local Precision chosen_precision = Precision::fp32;
thread_local bool is_reading_module = false;

/// Zeroed pages.
std::shared_ptr<char> allocate(size_t bytes) {
    void *const start = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) throw std::bad_alloc();
    return {static_cast<char *>(start), [bytes](char *memory) { munmap(memory, bytes); }};
}

void free_memory(const at::Tensor &tensor) {
    c10::StorageImpl *const storage = tensor.storage().unsafeGetStorageImpl();
    storage->set_data_ptr_noswap(c10::DataPtr(nullptr, tensor.device()));
    storage->set_nbytes(0);
}

at::Tensor plain(const at::Tensor &tensor, int64_t dimensions, const char *name) {
    TORCH_CHECK(tensor.dim() == dimensions && tensor.numel() > 0, name, " must have ", dimensions, " dimensions, not ",
                tensor.dim());
    return tensor.detach().to(at::kFloat).contiguous();
}

kernels::Quantisation quantisation(const Range &range) {
    TORCH_CHECK(range.size() == 2 && range[0] <= 0 && range[1] >= 0 && range[1] > range[0] && std::isfinite(range[0]) &&
                    std::isfinite(range[1]),
                "a range must be two numbers around 0, the smaller first");
    const double scale = (range[1] - range[0]) / 255;
    return {static_cast<float>(scale), static_cast<int32_t>(std::lround(-range[0] / scale))};
}

}  // namespace

Precision loading_precision() { return chosen_precision; }

void set_loading_precision(Precision precision) { chosen_precision = precision; }

ReadingModule::ReadingModule(Precision precision) : earlier(chosen_precision) {
    chosen_precision = precision;
    is_reading_module = true;
}

ReadingModule::~ReadingModule() {
    chosen_precision = earlier;
    is_reading_module = false;
}

std::vector<std::string> precision_names() {
    if (kernels::best().has_bf16) return {"fp32", "bf16", "int8"};
    return {"fp32", "int8"};
}

Precision precision_named(const std::string &name) {
    if (name == "fp32") return Precision::fp32;
    if (name == "int8") return Precision::int8;
    TORCH_CHECK(name == "bf16", "there is no precision '", name, "'; there are fp32, bf16 and int8");
    TORCH_CHECK(kernels::best().has_bf16, "this CPU has no instructions for bf16; use fp32 or int8");
    return Precision::bf16;
}

Activation activation_named(const std::string &name) {
    if (name == "none") return Activation::none;
    if (name == "relu") return Activation::relu;
    if (name == "gelu") return Activation::gelu;
    if (name == "gelu_tanh") return Activation::gelu_tanh;
    if (name == "quick_gelu") return Activation::quick_gelu;
    TORCH_CHECK(name == "silu", "there is no activation '", name, "'");
    return Activation::silu;
}

Layer::Layer(const LayerState &state, double centre) {
    const auto &[weight, bias, range] = state;
    this->weight = plain(weight, 2, "a weight");
    packed.columns = static_cast<size_t>(weight.size(0));
    packed.depth = static_cast<size_t>(weight.size(1));
    if (bias) {
        this->bias = plain(*bias, 1, "a bias");
        TORCH_CHECK(bias->size(0) == weight.size(0), "a bias must have an element for each row of the weight");
    }
    if (!range.empty()) quantisation = operators::quantisation(range);
    if (!weight.is_cpu()) return;
    packed.precision = loading_precision();
    if (packed.precision == Precision::int8 && range.empty()) packed.precision = Precision::fp32;
    if (centre != 0) {
        const at::Tensor added = this->weight.sum(1, false, at::kDouble) * centre;
        this->bias = (this->bias ? added + *this->bias : added).to(at::kFloat);
    }
    pack(this->weight, this->bias);
    this->weight = at::Tensor();
    this->bias.reset();
    if (is_reading_module) free_memory(weight);
}

size_t Layer::panels() const { return kernels::panels(kernels::best(), packed.columns); }

size_t Layer::operand_stride() const { return kernels::best().operand_stride(packed.precision, packed.depth); }

void Layer::pack(const at::Tensor &weight, const std::optional<at::Tensor> &bias) {
    const kernels::Kernels &kernels = kernels::best();
    const size_t columns = panels() * kernels.panel;
    const size_t group = kernels.group(packed.precision);
    const size_t words = columns * ((packed.depth + group - 1) / group);
    memory = allocate((words + 3 * columns) * 4);
    packed.groups = reinterpret_cast<uint32_t *>(memory.get());
    packed.bias = reinterpret_cast<float *>(packed.groups + words);
    packed.scales = packed.bias + columns;
    packed.sums = reinterpret_cast<int32_t *>(packed.scales + columns);
    kernels.pack(packed, weight.const_data_ptr<float>(), bias ? bias->const_data_ptr<float>() : nullptr);
}

at::Tensor Layer::apply(const at::Tensor &input) const {
    return at::linear(input, weight.to(input.scalar_type()), bias);
}

Norm::Norm(const NormState &state, size_t width) : epsilon(std::get<2>(state)) {
    if (!std::get<0>(state)) return;
    TORCH_CHECK(std::get<1>(state), "a layer normalisation must have a bias");
    weight = plain(*std::get<0>(state), 1, "a normalisation's weight");
    bias = plain(*std::get<1>(state), 1, "a normalisation's bias");
    TORCH_CHECK(weight.size(0) == static_cast<int64_t>(width) && bias.size(0) == weight.size(0),
                "a normalisation must have as many elements as the layer has inputs");
}

void Norm::prepare(const float *input, size_t rows, const Layer &layer, kernels::Operand operand) const {
    const kernels::Kernels &kernels = kernels::best();
    if (!weight.defined()) {
        return kernels.convert(input, layer.depth(), rows, layer.depth(), layer.precision(), layer.input(), operand);
    }
    const kernels::Normalisation normalisation{weight.const_data_ptr<float>(), bias.const_data_ptr<float>(),
                                               static_cast<float>(epsilon)};
    kernels.normalise(input, layer.depth(), rows, layer.depth(), normalisation, layer.precision(), layer.input(),
                      operand);
}

at::Tensor Norm::apply(const at::Tensor &input) const {
    if (!weight.defined()) return input;
    return at::layer_norm(input, {input.size(-1)}, weight, bias, epsilon);
}

at::Tensor activated(const at::Tensor &x, Activation activation) {
    switch (activation) {
        case Activation::none: return x;
        case Activation::relu: return at::relu(x);
        case Activation::gelu: return at::gelu(x);
        case Activation::gelu_tanh: return at::gelu(x, "tanh");
        case Activation::quick_gelu: return x * at::sigmoid(x * 1.702);
        case Activation::silu: return at::silu(x);
    }
    __builtin_unreachable();
}

}  // namespace ltc::operators
