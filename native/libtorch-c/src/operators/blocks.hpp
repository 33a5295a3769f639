// The operators that TorchScript modules hold, as classes of the namespace `openclip`.
//
// Each takes fp32 tensors and returns new ones. Rows and images do not influence each other.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include <ATen/core/ivalue.h>
#include <c10/util/Exception.h>

#include "layer.hpp"

namespace ltc::operators {

/// An operator with what is stored of it.
template <class Contents> class Block : public torch::CustomClassHolder {
public:
    using State = Contents;

    explicit Block(State state) : stored(std::move(state)) {}

    /// Throws c10::Error after `forget`.
    const State &state() const {
        TORCH_CHECK(stored, "an operator that was loaded cannot be stored again");
        return *stored;
    }

    /// Frees what is needed only to store the operator: its fp32 weights, once they are packed.
    void forget() { stored.reset(); }

private:
    std::optional<State> stored;
};

/// activation(x · weightᵀ + bias), x of shape [..., depth].
class Linear : public Block<std::tuple<LayerState, std::string>> {
public:
    explicit Linear(State);
    at::Tensor forward(const at::Tensor &x) const;

private:
    Layer layer;
    kernels::Activation activation;
};

/// x + second(activation(first(norm(x)))), x of shape [images, tokens, width]; without x if not residual.
///
/// State: norm, first layer, activation, second layer, whether x is added
class MLP : public Block<std::tuple<NormState, LayerState, std::string, LayerState, bool>> {
public:
    explicit MLP(State);
    at::Tensor forward(const at::Tensor &x) const;

private:
    Layer first, second;
    Norm norm;
    kernels::Activation activation;
    bool is_residual;
};

/// x + out(attention(qkv(norm(x)))), x of shape [images, tokens, width]; without x if not residual. Only the first
/// token's row, [images, 1, width], where the model uses no other.
///
/// Attention is softmax(Q · Kᵀ / √(head width) + mask) · V (Vaswani et al., Attention Is All You Need, 2017).
///
/// State: norm, joint layer of queries, keys and values, heads, mask [tokens, tokens], output layer, whether x is added,
/// whether only the first token is returned
class Attention
    : public Block<std::tuple<NormState, LayerState, int64_t, std::optional<at::Tensor>, LayerState, bool, bool>> {
public:
    explicit Attention(State);
    at::Tensor forward(const at::Tensor &x) const;

private:
    at::Tensor reference(const at::Tensor &x) const;
    /// Of queries, keys, values and probabilities: bf16 where layers are not exact and the CPU has it.
    kernels::Precision attention_precision(size_t head_width) const;

    Layer joint, out;
    Norm norm;
    size_t heads;
    std::optional<at::Tensor> mask;
    bool is_residual, returns_first;
};

/// Pixels, uint8 [images, height, width, 3], to a token for each patch, [images, tokens, columns]: row by row, after a
/// class token if there is one, with position embeddings added.
///
/// State: the convolution as a layer, [columns, patch · patch · 3] in the order row, column, channel, with the scaling of
/// pixels included; patch size; what is added to each token, [1 + patches or patches, columns] with the class token
/// included; whether there is a class token
class Patches : public Block<std::tuple<LayerState, int64_t, at::Tensor, bool>> {
public:
    explicit Patches(State);
    at::Tensor forward(const at::Tensor &pixels) const;

private:
    Layer layer;
    size_t patch;
    at::Tensor positions;
    bool has_class_token;
};

}  // namespace ltc::operators
