// The available devices, and libtorch's CUDA libraries, which are loaded on first use.
#pragma once

#include <string>
#include <vector>

#include <c10/core/Device.h>

namespace ltc {

/// The device named "cpu", "cuda" or "cuda:<index>". Throws Failure for any other name, or if the device does not
/// exist.
c10::Device find_device(const std::string &name);

/// "cpu", then "cuda:<index> <name>" for each CUDA device.
std::vector<std::string> list_devices();

}  // namespace ltc
