#include "blocks.hpp"

#include <cmath>
#include <utility>

#include <ATen/TensorOperators.h>
#include <ATen/ops/scaled_dot_product_attention.h>

#include "team.hpp"

namespace ltc::operators {

Attention::Attention(State state)
    : Block(std::move(state)), joint(std::get<1>(this->state())), out(std::get<4>(this->state())),
      norm(std::get<0>(this->state()), joint.depth()), heads(static_cast<size_t>(std::get<2>(this->state()))),
      is_residual(std::get<5>(this->state())), returns_first(std::get<6>(this->state())) {
    TORCH_CHECK(std::get<2>(this->state()) > 0 && joint.columns() % (3 * heads) == 0,
                "the joint layer must return queries, keys and values for ", std::get<2>(this->state()), " heads");
    TORCH_CHECK(out.depth() * 3 == joint.columns(), "the output layer must take the values of all heads");
    TORCH_CHECK(!is_residual || out.columns() == joint.depth(), "a residual needs an output as wide as the input");
    if (!std::get<3>(this->state())) return;
    mask = std::get<3>(this->state())->to(at::kFloat).contiguous();
    TORCH_CHECK(mask->dim() == 2 && mask->size(0) == mask->size(1), "a mask must have the shape [tokens, tokens]");
}

at::Tensor Attention::reference(const at::Tensor &x) const {
    const auto parts = joint.apply(norm.apply(x)).chunk(3, -1);
    const auto by_head = [&](const at::Tensor &part) {
        return part.unflatten(-1, {static_cast<int64_t>(heads), -1}).transpose(1, 2);
    };
    std::optional<at::Tensor> added;
    if (mask) added = mask->to(x.scalar_type());
    const at::Tensor attended =
        at::scaled_dot_product_attention(by_head(parts[0]), by_head(parts[1]), by_head(parts[2]), added);
    const at::Tensor result = out.apply(attended.transpose(1, 2).flatten(2));
    const at::Tensor sum = is_residual ? x + result : result;
    return returns_first ? sum.narrow(1, 0, 1) : sum;
}

kernels::Precision Attention::attention_precision(size_t head_width) const {
    const bool is_exact = joint.precision() == kernels::Precision::fp32;
    return !is_exact && kernels::best().has_bf16 && head_width % 2 == 0 ? kernels::Precision::bf16
                                                                        : kernels::Precision::fp32;
}

at::Tensor Attention::forward(const at::Tensor &x) const {
    TORCH_CHECK(x.dim() == 3 && x.size(2) == static_cast<int64_t>(joint.depth()),
                "the input must have the shape [images, tokens, ", joint.depth(), "]");
    TORCH_CHECK(!mask || mask->size(0) == x.size(1), "the mask is for another number of tokens");
    if (!joint.is_packed()) return reference(x);
    const kernels::Kernels &kernels = kernels::best();
    const at::Tensor input = x.to(at::kFloat).contiguous();
    const size_t tokens = static_cast<size_t>(x.size(1)), kept = returns_first ? 1 : tokens;
    const at::Tensor output =
        at::empty({x.size(0), static_cast<int64_t>(kept), static_cast<int64_t>(out.columns())}, at::kFloat);
    const size_t width = out.depth(), head_width = width / heads;
    const kernels::Precision inner = attention_precision(head_width);
    const size_t element = inner == kernels::Precision::bf16 ? 2 : 4;
    const size_t parts_stride = kernels.operand_stride(inner, joint.columns());
    const size_t head_bytes = Workspace::rounded(kernels.attention_bytes(inner, tokens, head_width));
    const size_t operand_stride = std::max(joint.operand_stride(), out.operand_stride());
    const float *const from = input.const_data_ptr<float>();
    float *const to = output.mutable_data_ptr<float>();
    const size_t team_size = static_cast<size_t>(at::get_num_threads());
    const auto bytes = [&](size_t images) {
        return images * tokens * (operand_stride + parts_stride) + team_size * head_bytes;
    };
    for_each_chunk(
        static_cast<size_t>(x.size(0)), tokens, bytes,
        [&](const Team &team, size_t image, size_t images, char *memory) {
            const size_t rows = images * tokens;
            Workspace workspace(memory);
            // The joint layer's operand is not needed any more when the output layer's is written.
            char *const operands = workspace.take(rows * operand_stride);
            const kernels::Operand operand{operands, joint.operand_stride()}, attended{operands, out.operand_stride()};
            const kernels::Operand parts{workspace.take(rows * parts_stride), parts_stride};
            char *const head_memory = workspace.take(0);
            const float *const source = from + image * tokens * joint.depth();
            team.split(rows, [&](size_t begin, size_t end) {
                norm.prepare(source + begin * joint.depth(), end - begin, joint, {operand.row(begin), operand.stride});
            });
            kernels::Epilogue to_parts;
            to_parts.input = joint.input();
            to_parts.operand = parts;
            to_parts.operand_precision = inner;
            team.split(joint.panels(), [&](size_t begin, size_t end) {
                kernels.multiply(operand, rows, joint.weights(), begin, end, to_parts);
            });
            team.split(images * heads, [&](size_t begin, size_t end) {
                char *const own =
                    head_memory + (team.is_shared() ? static_cast<size_t>(at::get_thread_num()) : 0) * head_bytes;
                for (size_t index = begin; index < end; ++index) {
                    const size_t member = index / heads, head = index % heads;
                    const char *const queries = parts.row(member * tokens) + head * head_width * element;
                    kernels::Epilogue result;
                    result.operand = {attended.row(member * kept), attended.stride};
                    result.operand_first_column = head * head_width;
                    result.operand_precision = out.precision();
                    result.operand_quantisation = out.input();
                    kernels.attend({queries, queries + width * element, queries + 2 * width * element, parts.stride,
                                    inner, kept, tokens, head_width, mask ? mask->const_data_ptr<float>() : nullptr,
                                    1 / std::sqrt(static_cast<float>(head_width))},
                                   own, result);
                }
            });
            kernels::Epilogue last;
            last.input = out.input();
            last.output = to + image * kept * out.columns();
            last.output_stride = out.columns();
            last.residual = is_residual ? source : nullptr;
            last.residual_stride = tokens / kept * joint.depth();
            team.split(out.panels(), [&](size_t begin, size_t end) {
                kernels.multiply(attended, images * kept, out.weights(), begin, end, last);
            });
        });
    return output;
}

}  // namespace ltc::operators
