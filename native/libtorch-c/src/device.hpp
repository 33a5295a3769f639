// The available devices, and libtorch's CUDA libraries, which are loaded on first use.
#pragma once

#include <string>
#include <vector>

#include <c10/core/Device.h>
#include <c10/core/Stream.h>

namespace ltc {

/// The device named "cpu", "cuda" or "cuda:<index>". Throws Failure for any other name, or if the device does not
/// exist.
c10::Device find_device(const std::string &name);

/// Two streams of a GPU, to copy to it while it computes; none of the CPU. Waits for what the GPU is doing.
std::vector<c10::Stream> streams(c10::Device device);

/// "cpu", then "cuda:<index> <name>" for each CUDA device.
std::vector<std::string> list_devices();

}  // namespace ltc
