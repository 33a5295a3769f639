// What the opaque ltc_module is.
#pragma once

#include <c10/core/Device.h>
#include <torch/csrc/jit/api/module.h>

#include "libtorch-c.h"

struct ltc_module {
    torch::jit::Module module;
    c10::Device device;
};
