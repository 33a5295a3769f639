#include "device.hpp"

#include <dlfcn.h>

#include <charconv>
#include <filesystem>
#include <limits>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include "status.hpp"

namespace ltc {
namespace {

/// Loads libtorch_cuda.so from the folder of libtorch_cpu.so. Returns the reason of a failure, or "".
std::string load_cuda() {
    Dl_info info;
    if (!dladdr(reinterpret_cast<const void *>(&at::get_num_threads), &info)) {
        return "the folder of libtorch is not known";
    }
    const std::filesystem::path library = std::filesystem::path(info.dli_fname).replace_filename("libtorch_cuda.so");
    if (!std::filesystem::exists(library)) return "this libtorch was built without CUDA";
    if (!dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL)) return dlerror();
    if (!at::detail::getCUDAHooks().hasCUDA()) return "no CUDA driver or no CUDA device was found";
    // By default, convolutions round float32 to TF32, which has a mantissa of 10 bits.
    at::globalContext().setAllowTF32CuDNN(false);
    return "";
}

/// The reason why CUDA cannot be used, or "". Determined once, because libtorch itself looks for CUDA once per process.
const std::string &cuda_obstacle() {
    static const std::string obstacle = load_cuda();
    return obstacle;
}

int cuda_device_count() {
    return cuda_obstacle().empty() ? at::detail::getCUDAHooks().getNumGPUs() : 0;
}

/// The CUDA driver's name for a device; "" if unavailable.
std::string cuda_device_name(int index) {
    using Init = int (*)(unsigned);
    using Get = int (*)(int *, int);
    using GetName = int (*)(char *, int, int);
    // Already loaded by libtorch's CUDA libraries.
    void *driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
    if (!driver) return "";
    const auto init = reinterpret_cast<Init>(dlsym(driver, "cuInit"));
    const auto get = reinterpret_cast<Get>(dlsym(driver, "cuDeviceGet"));
    const auto get_name = reinterpret_cast<GetName>(dlsym(driver, "cuDeviceGetName"));
    char name[256] = "";
    int device = 0;
    const bool found = init && get && get_name && init(0) == 0 && get(&device, index) == 0 &&
                       get_name(name, sizeof name, device) == 0;
    dlclose(driver);
    return found ? name : "";
}

/// A device name, parsed here because libtorch's own parser lets an index above 127 overflow.
struct DeviceName {
    c10::DeviceType type;
    int index;
};

DeviceName parse_name(const std::string &name) {
    const size_t colon = name.find(':');
    const std::string digits = colon == std::string::npos ? "0" : name.substr(colon + 1);
    try {
        if (!digits.empty() && digits.find_first_not_of("0123456789") == std::string::npos) {
            const c10::DeviceType type = c10::Device(name.substr(0, colon)).type();
            int index = 0;
            const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
            return {type, error == std::errc() ? index : std::numeric_limits<int>::max()};
        }
    } catch (const c10::Error &) {
        // Refused below, with the valid names.
    }
    throw Failure(LTC_INVALID_ARGUMENT,
                  "'" + name + "' does not name a device; it must be \"cpu\", \"cuda\" or \"cuda:<index>\"");
}

}  // namespace

c10::Device find_device(const std::string &name) {
    const auto [type, index] = parse_name(name);
    if (type == c10::kCPU) {
        if (index != 0) throw Failure(LTC_DEVICE, "there is no device '" + name + "'; the CPU is \"cpu\"");
        return c10::Device(c10::kCPU);
    }
    if (type != c10::kCUDA) {
        throw Failure(LTC_DEVICE, "device '" + name + "' is not supported; \"cpu\", \"cuda\" and \"cuda:<index>\" are");
    }
    if (const std::string &obstacle = cuda_obstacle(); !obstacle.empty()) {
        throw Failure(LTC_DEVICE, "device '" + name + "' is not available: " + obstacle);
    }
    if (const int count = cuda_device_count(); index >= count) {
        throw Failure(LTC_DEVICE, "there is no device '" + name + "'; the number of CUDA devices is " +
                                      std::to_string(count));
    }
    return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(index));
}

std::vector<c10::Stream> streams(c10::Device device) {
    if (!device.is_cuda()) return {};
    const c10::DeviceGuard on_device(device);
    // What has been copied to the device is there for all streams.
    at::detail::getCUDAHooks().deviceSynchronize(device.index());
    const c10::impl::VirtualGuardImpl implementation(device.type());
    return {implementation.getStreamFromGlobalPool(device), implementation.getStreamFromGlobalPool(device)};
}

std::vector<std::string> list_devices() {
    std::vector<std::string> devices{"cpu"};
    for (int index = 0; index < cuda_device_count(); ++index) {
        const std::string name = cuda_device_name(index);
        devices.push_back("cuda:" + std::to_string(index) + (name.empty() ? "" : " " + name));
    }
    return devices;
}

}  // namespace ltc

ltc_status ltc_devices(char ***devices, size_t *count, char **message) {
    return ltc::guarded(message, [&] {
        ltc::require(devices, "devices");
        ltc::require(count, "count");
        ltc::copy_strings(ltc::list_devices(), devices, count);
    });
}
