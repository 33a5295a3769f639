#include "blocks.hpp"

#include <utility>

#include "team.hpp"

namespace ltc::operators {

Linear::Linear(State state)
    : Block(std::move(state)), layer(std::get<0>(this->state())),
      activation(activation_named(std::get<1>(this->state()))) {}

at::Tensor Linear::forward(const at::Tensor &x) const {
    TORCH_CHECK(x.dim() >= 1 && x.size(-1) == static_cast<int64_t>(layer.depth()), "the input must have ",
                layer.depth(), " elements in its last dimension");
    if (!layer.is_packed()) return activated(layer.apply(x), activation);
    const kernels::Kernels &kernels = kernels::best();
    const at::Tensor input = x.to(at::kFloat).contiguous();
    std::vector<int64_t> shape(x.sizes().begin(), x.sizes().end());
    shape.back() = static_cast<int64_t>(layer.columns());
    const at::Tensor output = at::empty(shape, at::kFloat);
    const size_t rows = static_cast<size_t>(input.numel()) / layer.depth();
    const size_t stride = layer.operand_stride();
    const float *const from = input.const_data_ptr<float>();
    float *const to = output.mutable_data_ptr<float>();
    for_each_chunk(
        rows, 1, [&](size_t count) { return count * stride; },
        [&](const Team &team, size_t first, size_t count, char *memory) {
            const kernels::Operand operand{memory, stride};
            kernels.convert(from + first * layer.depth(), layer.depth(), count, layer.depth(), layer.precision(),
                            layer.input(), operand);
            kernels::Epilogue epilogue;
            epilogue.activation = activation;
            epilogue.input = layer.input();
            epilogue.output = to + first * layer.columns();
            epilogue.output_stride = layer.columns();
            team.split(layer.panels(), [&](size_t begin, size_t end) {
                kernels.multiply(operand, count, layer.weights(), begin, end, epilogue);
            });
        });
    return output;
}

}  // namespace ltc::operators
