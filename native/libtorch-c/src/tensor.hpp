// Tensors across the C boundary.
#pragma once

#include <string>

#include <ATen/core/Tensor.h>

#include "libtorch-c.h"

namespace ltc {

/// A view of the memory that `descriptor` describes. Throws Failure, naming the tensor `name`, where it breaks a
/// rule of ltc_module_run.
at::Tensor borrow(const DLTensor &descriptor, const std::string &name);

/// `result`, a dense tensor on any device, as contiguous CPU memory that the caller owns alone: memory that something
/// else refers to (an input, an attribute of the module) is copied.
DLManagedTensor *give(at::Tensor result);

}  // namespace ltc
