// Definition of the opaque ltc_module.
#pragma once

#include <c10/core/Device.h>
#include <torch/csrc/jit/api/module.h>

#include "libtorch-c.h"

struct ltc_module {
    torch::jit::Module module;
    c10::Device device;
};
