#include "tensor.hpp"

#include <utility>

#include <ATen/DLConvertor.h>
#include <ATen/ops/from_blob.h>

#include "status.hpp"

namespace ltc {
namespace {

constexpr int32_t most_dimensions = 64;

[[noreturn]] void refuse(const std::string &name, const std::string &reason) {
    throw Failure(LTC_INVALID_ARGUMENT, name + ": " + reason);
}

at::ScalarType scalar_type(const DLDataType &type, const std::string &name) {
    try {
        if (type.lanes == 1) return at::toScalarType(type);
    } catch (const c10::Error &) {
        // Refused below, with the tensor's name.
    }
    refuse(name, "libtorch has no element type for DLPack type code " + std::to_string(type.code) + ", " +
                     std::to_string(type.bits) + " bits, " + std::to_string(type.lanes) + " lanes");
}

int64_t element_count(const DLTensor &tensor, const std::string &name) {
    int64_t count = 1;
    for (int32_t d = 0; d < tensor.ndim; ++d) {
        const int64_t size = tensor.shape[d];
        if (size < 0) refuse(name, "dimension " + std::to_string(d) + " is " + std::to_string(size));
        if (__builtin_mul_overflow(count, size, &count)) refuse(name, "the shape has too many elements");
    }
    return count;
}

bool is_contiguous(const DLTensor &tensor) {
    int64_t stride = 1;
    for (int32_t d = tensor.ndim - 1; d >= 0; --d) {
        if (tensor.shape[d] != 1 && tensor.strides[d] != stride) return false;
        stride *= tensor.shape[d];
    }
    return true;
}

}  // namespace

at::Tensor borrow(const DLTensor &descriptor, const std::string &name) {
    if (descriptor.device.device_type != kDLCPU) refuse(name, "the memory is not on the CPU (kDLCPU)");
    if (descriptor.ndim < 0 || descriptor.ndim > most_dimensions) {
        refuse(name, "the number of dimensions is " + std::to_string(descriptor.ndim));
    }
    if (descriptor.ndim > 0 && !descriptor.shape) refuse(name, "shape is NULL");

    const at::ScalarType type = scalar_type(descriptor.dtype, name);
    const int64_t count = element_count(descriptor, name);
    const int64_t element_size = static_cast<int64_t>(c10::elementSize(type));
    int64_t bytes = 0;
    if (__builtin_mul_overflow(count, element_size, &bytes)) refuse(name, "the shape has too many elements");
    if (count > 0) {
        if (!descriptor.data) refuse(name, "data is NULL");
        if (descriptor.strides && !is_contiguous(descriptor)) {
            refuse(name, "the strides are not those of a row-major tensor without gaps");
        }
    }
    char *data = static_cast<char *>(descriptor.data) + descriptor.byte_offset;
    if (count > 0 && reinterpret_cast<uintptr_t>(data) % element_size != 0) {
        refuse(name, "the data is not aligned to its elements of " + std::to_string(element_size) + " bytes");
    }
    const at::IntArrayRef shape(descriptor.shape, static_cast<size_t>(descriptor.ndim));
    return at::from_blob(data, shape, at::TensorOptions(type));
}

DLManagedTensor *give(at::Tensor result) {
    if (result.layout() != at::kStrided || result.is_quantized() || result.is_nested()) {
        throw Failure(LTC_TORCH, "the result is a " + result.toString() + ", not a dense tensor");
    }
    // Conjugation, negation and zeros may be lazy flags of the tensor, which DLPack cannot represent.
    result = result.resolve_conj().resolve_neg();
    if (result._is_zerotensor()) result = result.clone();
    const bool shared = result.use_count() > 1 || result.storage().use_count() > 1;
    at::Tensor owned = result.to(at::kCPU).contiguous();
    if (shared && owned.is_alias_of(result)) owned = owned.clone(at::MemoryFormat::Contiguous);
    return at::toDLPack(owned);
}

}  // namespace ltc
