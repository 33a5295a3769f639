#include "gpu_parts.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include <ATen/Parallel.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <c10/core/StreamGuard.h>

#include "status.hpp"

namespace ltc {
namespace {

/// What one thread copies at least.
constexpr int64_t copied_bytes = 1 << 20;

/// A copy of a contiguous tensor in memory that a GPU reads by itself. libtorch reuses it after the GPU has.
at::Tensor page_locked(const at::Tensor &tensor) {
    const at::Tensor copy = at::empty(tensor.sizes(), tensor.options().pinned_memory(true));
    const auto *source = static_cast<const char *>(tensor.const_data_ptr());
    auto *target = static_cast<char *>(copy.mutable_data_ptr());
    at::parallel_for(0, static_cast<int64_t>(tensor.nbytes()), copied_bytes, [&](int64_t start, int64_t end) {
        std::memcpy(target + start, source + start, static_cast<size_t>(end - start));
    });
    return copy;
}

}  // namespace

at::Tensor run_gpu_parts(const ltc_module &module, const torch::jit::Method &method, const at::Tensor &input,
                         int64_t part_size) {
    std::vector<at::Tensor> results;
    for (int64_t first = 0; first < input.size(0); first += part_size) {
        const c10::StreamGuard on_stream(module.streams[results.size() % module.streams.size()]);
        const at::Tensor part = input.narrow(0, first, std::min(part_size, input.size(0) - first));
        const c10::IValue result = method({page_locked(part).to(module.device, /*non_blocking=*/true)});
        if (!result.isTensor()) throw Failure(LTC_TORCH, "the result is not one tensor");
        results.push_back(result.toTensor());
    }
    for (size_t index = 0; index < results.size(); ++index) {
        const c10::StreamGuard on_stream(module.streams[index % module.streams.size()]);
        results[index] = results[index].cpu();  // waits
    }
    return at::cat(results);
}

}  // namespace ltc
