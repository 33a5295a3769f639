// Definition of the opaque ltc_module.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include <c10/core/Device.h>
#include <c10/core/Stream.h>
#include <torch/csrc/jit/api/module.h>

#include "libtorch-c.h"

struct ltc_module {
    torch::jit::Module module;
    c10::Device device;
    /// Of a GPU, to copy one part of a batch while another one is computed.
    std::vector<c10::Stream> streams;
    /// Held while a module runs that has quantised layers of libtorch's own: with oneDNN, threads that run one layer at
    /// the same time spoil each other's results. NULL for other modules.
    std::unique_ptr<std::mutex> alone;
};
