// Conversion of tensors at the C boundary.
#pragma once

#include <string>

#include <ATen/core/Tensor.h>

#include "libtorch-c.h"

namespace ltc {

/// A view of the memory that `descriptor` describes. Throws Failure, naming the tensor `name`, if it violates a rule of
/// ltc_module_run.
at::Tensor borrow(const DLTensor &descriptor, const std::string &name);

/// Converts `result`, a dense tensor on any device, to contiguous CPU memory owned only by the caller: memory that is
/// also used elsewhere (an input, an attribute of the module) is copied.
DLManagedTensor *give(at::Tensor result);

}  // namespace ltc
