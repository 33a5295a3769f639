// Which devices there are, and libtorch's CUDA part, loaded when it is first needed.
#pragma once

#include <string>
#include <vector>

#include <c10/core/Device.h>

namespace ltc {

/// The device named "cpu", "cuda" or "cuda:<index>". Throws Failure where the name is none of these or where
/// there is no such device.
c10::Device find_device(const std::string &name);

/// "cpu", then "cuda:<index> <name>" for each CUDA device.
std::vector<std::string> list_devices();

}  // namespace ltc
