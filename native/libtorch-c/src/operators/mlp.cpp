#include "blocks.hpp"

#include <utility>

#include <ATen/TensorOperators.h>

#include "team.hpp"

namespace ltc::operators {

MLP::MLP(State state)
    : Block(std::move(state)), first(std::get<1>(this->state())), second(std::get<3>(this->state())),
      norm(std::get<0>(this->state()), first.depth()), activation(activation_named(std::get<2>(this->state()))),
      is_residual(std::get<4>(this->state())) {
    TORCH_CHECK(second.depth() == first.columns(), "the second layer must take what the first returns");
    TORCH_CHECK(!is_residual || second.columns() == first.depth(), "a residual needs an output as wide as the input");
}

at::Tensor MLP::forward(const at::Tensor &x) const {
    TORCH_CHECK(x.dim() == 3 && x.size(2) == static_cast<int64_t>(first.depth()),
                "the input must have the shape [images, tokens, ", first.depth(), "]");
    if (!first.is_packed()) {
        const at::Tensor result = second.apply(activated(first.apply(norm.apply(x)), activation));
        return is_residual ? x + result : result;
    }
    const kernels::Kernels &kernels = kernels::best();
    const at::Tensor input = x.to(at::kFloat).contiguous();
    const at::Tensor output = at::empty({x.size(0), x.size(1), static_cast<int64_t>(second.columns())}, at::kFloat);
    const size_t tokens = static_cast<size_t>(x.size(1));
    const float *const from = input.const_data_ptr<float>();
    float *const to = output.mutable_data_ptr<float>();
    const auto bytes = [&](size_t images) {
        return images * tokens * (first.operand_stride() + second.operand_stride());
    };
    for_each_chunk(
        static_cast<size_t>(x.size(0)), tokens, bytes,
        [&](const Team &team, size_t image, size_t images, char *memory) {
            const size_t rows = images * tokens;
            Workspace workspace(memory);
            const kernels::Operand operand{workspace.take(rows * first.operand_stride()), first.operand_stride()};
            const kernels::Operand hidden{workspace.take(rows * second.operand_stride()), second.operand_stride()};
            const float *const source = from + image * tokens * first.depth();
            team.split(rows, [&](size_t begin, size_t end) {
                norm.prepare(source + begin * first.depth(), end - begin, first, {operand.row(begin), operand.stride});
            });
            kernels::Epilogue between;
            between.activation = activation;
            between.input = first.input();
            between.operand = hidden;
            between.operand_precision = second.precision();
            between.operand_quantisation = second.input();
            team.split(first.panels(), [&](size_t begin, size_t end) {
                kernels.multiply(operand, rows, first.weights(), begin, end, between);
            });
            kernels::Epilogue last;
            last.input = second.input();
            last.output = to + image * tokens * second.columns();
            last.output_stride = second.columns();
            last.residual = is_residual ? source : nullptr;
            last.residual_stride = first.depth();
            team.split(second.panels(), [&](size_t begin, size_t end) {
                kernels.multiply(hidden, rows, second.weights(), begin, end, last);
            });
        });
    return output;
}

}  // namespace ltc::operators
