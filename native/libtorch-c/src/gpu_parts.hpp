// Runs the parts of a batch on a GPU.
#pragma once

#include <ATen/core/Tensor.h>

#include "module.hpp"

namespace ltc {

/// Runs `method` for each `part_size` rows of `input`, in order, and joins the results in the machine's memory.
///
/// While a part is computed, the next one is copied to page-locked memory and from there to the GPU.
at::Tensor run_gpu_parts(const ltc_module &module, const torch::jit::Method &method, const at::Tensor &input,
                         int64_t part_size);

}  // namespace ltc
