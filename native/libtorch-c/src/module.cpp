#include "module.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <ATen/Parallel.h>
#include <ATen/ops/cat.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/version.h>

#include "device.hpp"
#include "gpu_parts.hpp"
#include "memory.hpp"
#include "operators/layer.hpp"
#include "parts.hpp"
#include "runtime.hpp"
#include "status.hpp"
#include "tensor.hpp"

namespace ltc {
namespace {

void require_readable(const std::string &path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) throw Failure(LTC_FILE, path + ": is a directory");
    errno = 0;
    if (!std::ifstream(path, std::ios::binary)) throw Failure(LTC_FILE, path + ": " + strerror(errno));
}

kernels::Precision find_precision(const std::string &name) {
    try {
        return operators::precision_named(name);
    } catch (...) {
        throw Failure(LTC_INVALID_ARGUMENT, current_failure().text);
    }
}

torch::jit::Module load(const std::string &path, c10::Device device, const char *precision) {
    require_readable(path);
    const operators::ReadingModule reading(precision ? find_precision(precision) : kernels::Precision::fp32);
    try {
        torch::jit::Module module = torch::jit::load(path, device);
        module.eval();
        return module;
    } catch (...) {
        const Failure failure = current_failure();
        if (failure.status != LTC_TORCH) throw Failure(failure.status, path + ": " + failure.text);
        throw Failure(LTC_FILE, path + ": not a TorchScript module that libtorch " TORCH_VERSION
                                       " can load: " + failure.text);
    }
}

bool has_quantised_layers(const torch::jit::Block &block) {
    for (const torch::jit::Node *node : block.nodes()) {
        if (std::string_view(node->kind().toQualString()).starts_with("quantized::")) return true;
        for (const torch::jit::Block *inner : node->blocks()) {
            if (has_quantised_layers(*inner)) return true;
        }
    }
    return false;
}

/// See `ltc_module::alone`.
std::unique_ptr<std::mutex> lock_if_quantised(const torch::jit::Module &module) {
    for (const torch::jit::Method &method : module.get_methods()) {
        const auto graph = method.graph()->copy();
        torch::jit::Inline(*graph);
        if (has_quantised_layers(*graph->block())) return std::make_unique<std::mutex>();
    }
    return nullptr;
}

std::unique_lock<std::mutex> lock(const ltc_module &module) {
    return module.alone ? std::unique_lock(*module.alone) : std::unique_lock<std::mutex>();
}

void check_argument_count(const c10::FunctionSchema &schema, size_t given) {
    size_t required = 0;
    const size_t accepted = schema.arguments().size() - 1;  // without self
    for (size_t i = 1; i <= accepted; ++i) required += schema.arguments()[i].default_value() ? 0 : 1;
    if (given >= required && given <= accepted) return;
    const std::string fewest = required == accepted ? "" : std::to_string(required) + " to ";
    throw Failure(LTC_INVALID_ARGUMENT, "takes " + fewest + std::to_string(accepted) +
                                            (accepted == 1 ? " input" : " inputs") + ", not " + std::to_string(given));
}

DLManagedTensor *run(const ltc_module &module, const std::string &name, const DLTensor *inputs, size_t input_count) {
    const std::optional<torch::jit::Method> method = module.module.find_method(name);
    if (!method) throw Failure(LTC_INVALID_ARGUMENT, "the module has no such method");
    check_argument_count(method->function().getSchema(), input_count);

    apply_intra_op_threads();
    const c10::InferenceMode inference;
    const TensorMemory memory;
    c10::OptionalDeviceGuard on_device;
    if (module.device.is_cuda()) on_device.reset_device(module.device);

    // Kept to the end, to detect a result that shares an input's memory.
    std::vector<at::Tensor> borrowed;
    std::vector<c10::IValue> arguments;
    for (size_t i = 0; i < input_count; ++i) {
        borrowed.push_back(borrow(inputs[i], "input " + std::to_string(i)));
        arguments.emplace_back(borrowed.back().to(module.device));
    }
    c10::IValue result = (*method)(std::move(arguments));
    if (!result.isTensor()) {
        throw Failure(LTC_TORCH, "the result is of type " + result.type()->repr_str() + ", not one tensor");
    }
    return give(std::move(result).toTensor());
}

/// Calls `body` with each number below `count`, on some of libtorch's threads. Each of them runs operations by itself: OpenMP
/// would see to that, but MKL splits its sums for as many threads as it is told that there are.
void on_single_threads(size_t count, int most, const std::function<void(size_t)> &body) {
    const int threads = at::get_num_threads();
    std::atomic<size_t> next{0};
    std::atomic_flag has_failed = ATOMIC_FLAG_INIT;
    std::exception_ptr failure;
#pragma omp parallel num_threads(std::min({threads, most, static_cast<int>(count)}))
    {
        at::set_num_threads(1);
        try {
            for (size_t index; (index = next++) < count;) body(index);
        } catch (...) {
            if (!has_failed.test_and_set()) failure = std::current_exception();
        }
    }
    at::set_num_threads(threads);
    if (failure) std::rethrow_exception(failure);
}

DLManagedTensor *run_parts(const ltc_module &module, const DLTensor &input, size_t largest_part) {
    const torch::jit::Method method = module.module.get_method("forward");
    check_argument_count(method.function().getSchema(), 1);

    apply_intra_op_threads();
    const c10::InferenceMode inference;
    const at::Tensor borrowed = borrow(input, "input 0");
    if (borrowed.dim() == 0 || borrowed.size(0) == 0) throw Failure(LTC_INVALID_ARGUMENT, "the input has no rows");
    if (module.device.is_cuda()) {
        const c10::DeviceGuard on_device(module.device);
        return give(run_gpu_parts(module, method, borrowed, static_cast<int64_t>(largest_part)));
    }
    const size_t rows = static_cast<size_t>(borrowed.size(0)), threads = static_cast<size_t>(at::get_num_threads());
    const auto alone = lock(module);
    if (largest_part > 1 && rows < threads) return run(module, "forward", &input, 1);
    const size_t size = part_size(rows, largest_part, threads);
    std::vector<at::Tensor> results((rows + size - 1) / size);
    on_single_threads(results.size(), alone ? 1 : at::get_num_threads(), [&](size_t part) {
        const c10::InferenceMode inference_here;
        const TensorMemory memory;
        const size_t first = part * size;
        const c10::IValue result = method(
            {borrowed.narrow(0, static_cast<int64_t>(first), static_cast<int64_t>(std::min(size, rows - first)))});
        if (!result.isTensor()) throw Failure(LTC_TORCH, "the result is not one tensor");
        results[part] = result.toTensor();
    });
    return give(at::cat(results));
}

}  // namespace
}  // namespace ltc

ltc_status ltc_precisions(char ***precisions, size_t *count, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(precisions, "precisions");
        ltc::require(count, "count");
        ltc::copy_strings(ltc::operators::precision_names(), precisions, count);
    });
}

ltc_status ltc_module_load(const char *path, const char *device, const char *precision, ltc_module **module,
                           char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(path, "path");
        ltc::require(device, "device");
        ltc::require(module, "module");
        const c10::Device found = ltc::find_device(device);
        torch::jit::Module loaded = ltc::load(path, found, precision);
        auto alone = ltc::lock_if_quantised(loaded);
        *module = new ltc_module{std::move(loaded), found, ltc::streams(found), std::move(alone)};
    });
}

void ltc_module_free(ltc_module *module) {
    delete module;
    ltc::TensorMemory::release();
}

ltc_status ltc_module_run(ltc_module *module, const char *method, const DLTensor *inputs, size_t input_count,
                          DLManagedTensor **output, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(module, "module");
        ltc::require(output, "output");
        if (input_count > 0) ltc::require(inputs, "inputs");
        const std::string name = method ? method : "forward";
        try {
            const auto alone = ltc::lock(*module);
            *output = ltc::run(*module, name, inputs, input_count);
        } catch (...) {
            const ltc::Failure failure = ltc::current_failure();
            throw ltc::Failure(failure.status, "method '" + name + "': " + failure.text);
        }
    });
}

ltc_status ltc_module_run_parts(ltc_module *module, const DLTensor *input, size_t largest_part,
                                DLManagedTensor **output, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(module, "module");
        ltc::require(input, "input");
        ltc::require(output, "output");
        if (largest_part == 0) throw ltc::Failure(LTC_INVALID_ARGUMENT, "a part has at least one row");
        *output = ltc::run_parts(*module, *input, largest_part);
    });
}
