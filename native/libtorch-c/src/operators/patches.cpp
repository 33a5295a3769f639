#include "blocks.hpp"

#include <cstring>
#include <utility>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/zeros.h>

#include "team.hpp"

namespace ltc::operators {

Patches::Patches(State state)
    : Block(std::move(state)), layer(std::get<0>(this->state()), kernels::byte_centre),
      patch(static_cast<size_t>(std::get<1>(this->state()))),
      positions(std::get<2>(this->state()).to(at::kFloat).contiguous()), has_class_token(std::get<3>(this->state())) {
    TORCH_CHECK(std::get<1>(this->state()) > 0 && layer.depth() == patch * patch * 3, "the layer must take patches of ",
                std::get<1>(this->state()), " × ", std::get<1>(this->state()), " pixels of 3 colours");
    TORCH_CHECK(positions.dim() == 2 && positions.size(1) == static_cast<int64_t>(layer.columns()),
                "position embeddings must have the shape [tokens, ", layer.columns(), "]");
}

at::Tensor Patches::forward(const at::Tensor &pixels) const {
    TORCH_CHECK(pixels.dim() == 4 && pixels.size(3) == 3 && pixels.scalar_type() == at::kByte,
                "pixels must be uint8 [images, height, width, 3]");
    const int64_t side = static_cast<int64_t>(patch);
    const int64_t down = pixels.size(1) / side, across = pixels.size(2) / side;
    const int64_t first_token = has_class_token ? 1 : 0;
    TORCH_CHECK(positions.size(0) == down * across + first_token, "the model takes images of another size");
    const at::Tensor input = pixels.contiguous();
    if (!layer.is_packed()) {
        const at::Tensor cut = input.narrow(1, 0, down * side)
                                   .narrow(2, 0, across * side)
                                   .to(at::kFloat)
                                   .view({-1, down, side, across, side, 3})
                                   .transpose(2, 3)
                                   .reshape({-1, down * across, side * side * 3});
        const at::Tensor tokens = layer.apply(cut);
        if (!has_class_token) return tokens + positions;
        return at::cat({at::zeros({tokens.size(0), 1, tokens.size(2)}, tokens.options()), tokens}, 1) + positions;
    }
    const kernels::Kernels &kernels = kernels::best();
    const at::Tensor output = at::empty({pixels.size(0), positions.size(0), positions.size(1)}, at::kFloat);
    const size_t count = static_cast<size_t>(down * across), columns = layer.columns();
    const size_t row_bytes = static_cast<size_t>(pixels.size(2)) * 3;
    const size_t image_bytes = row_bytes * static_cast<size_t>(pixels.size(1));
    const uint8_t *const from = input.const_data_ptr<uint8_t>();
    const float *const added = positions.const_data_ptr<float>();
    float *const to = output.mutable_data_ptr<float>();
    const size_t offset = static_cast<size_t>(first_token) * columns;
    for_each_chunk(
        static_cast<size_t>(pixels.size(0)), count,
        [&](size_t images) { return images * count * layer.operand_stride(); },
        [&](const Team &team, size_t image, size_t images, char *memory) {
            const kernels::Operand operand{memory, layer.operand_stride()};
            team.split(images * count, [&](size_t begin, size_t end) {
                for (size_t index = begin; index < end; ++index) {
                    const size_t top = index % count / static_cast<size_t>(across),
                                 left = index % static_cast<size_t>(across);
                    const uint8_t *corner =
                        from + (image + index / count) * image_bytes + top * patch * row_bytes + left * patch * 3;
                    for (size_t line = 0; line < patch; ++line, corner += row_bytes) {
                        kernels.convert_bytes(corner, patch * 3, layer.precision(), operand.row(index),
                                              line * patch * 3);
                    }
                    kernels.clear_padding(operand.row(index), layer.depth(), layer.precision());
                }
            });
            for (size_t index = 0; index < images; ++index) {
                float *const tokens = to + (image + index) * (count * columns + offset);
                std::memcpy(tokens, added, offset * sizeof(float));
                kernels::Epilogue epilogue;
                epilogue.input = {1, kernels::byte_centre};
                epilogue.output = tokens + offset;
                epilogue.residual = added + offset;
                epilogue.output_stride = epilogue.residual_stride = columns;
                const kernels::Operand rows{operand.row(index * count), operand.stride};
                team.split(layer.panels(), [&](size_t begin, size_t end) {
                    kernels.multiply(rows, count, layer.weights(), begin, end, epilogue);
                });
            }
        });
    return output;
}

}  // namespace ltc::operators
