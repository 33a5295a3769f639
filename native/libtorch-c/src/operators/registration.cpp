// Makes the operators known to libtorch, when this library is loaded.

#include <torch/custom_class.h>
#include <torch/library.h>

#include "blocks.hpp"

namespace ltc::operators {
namespace {

/// The same state with memory that is no other operator's, so that each can free its own when it is loaded.
at::Tensor unshared(const at::Tensor &tensor) {
    return tensor.use_count() > 1 || tensor.storage().use_count() > 1 ? tensor.clone() : tensor;
}

template <class Value> Value unshared(const Value &value) { return value; }

template <class Value> std::optional<Value> unshared(const std::optional<Value> &value) {
    return value ? std::optional(unshared(*value)) : std::nullopt;
}

template <class... Values> std::tuple<Values...> unshared(const std::tuple<Values...> &values) {
    return std::apply([](const auto &...value) { return std::tuple<Values...>(unshared(value)...); }, values);
}

template <class Block> void define(torch::Library &library, const char *name) {
    library.class_<Block>(name)
        .def(torch::init<typename Block::State>())
        .def_pickle([](const c10::intrusive_ptr<Block> &block) { return unshared(block->state()); },
                    [](typename Block::State state) {
                        auto block = c10::make_intrusive<Block>(std::move(state));
                        block->forget();
                        return block;
                    });
}

template <class Block> at::Tensor run(const at::Tensor &x, const c10::intrusive_ptr<Block> &block) {
    return block->forward(x);
}

TORCH_LIBRARY(openclip, library) {
    define<Linear>(library, "Linear");
    define<MLP>(library, "MLP");
    define<Attention>(library, "Attention");
    define<Patches>(library, "Patches");
    const char *const schema = "(Tensor x, __torch__.torch.classes.openclip.";
    const auto signature = [&](const char *function, const char *block) {
        return std::string(function) + schema + block + " block) -> Tensor";
    };
    library.def(signature("linear", "Linear").c_str(), run<Linear>);
    library.def(signature("mlp", "MLP").c_str(), run<MLP>);
    library.def(signature("attention", "Attention").c_str(), run<Attention>);
    library.def(signature("patches", "Patches").c_str(), run<Patches>);
    library.def("set_loading_precision(str name) -> ()",
                [](const std::string &name) { set_loading_precision(precision_named(name)); });
    library.def("precisions() -> str[]", precision_names);
}

}  // namespace
}  // namespace ltc::operators
