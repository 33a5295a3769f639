/// C interface to libtorch: loads TorchScript modules, runs them on tensors, and reads their attributes.
///
/// Every function that can fail returns an `ltc_status` and takes a `message`, which may be NULL. If it is not,
/// `*message` is NULL after LTC_OK; after a failure it is a text that the caller frees with `ltc_string_free`, or NULL
/// if there was no memory for it. Results are written only on LTC_OK. No C++ exception leaves the library.
///
/// Functions may be called from any thread. A module may run on several threads at once; one
/// with quantised layers of libtorch's own runs one call after another.
///
/// The first function that returns a status opens libtorch, so that a program can link this library and start without
/// libtorch. If libtorch is missing, such functions fail with LTC_UNAVAILABLE; all others work.
///
/// libtorch prints nothing unless the environment variable TORCH_CPP_LOG_LEVEL enables it; `ltc_set_warning_handler`
/// receives its warnings.
#ifndef LIBTORCH_C_H
#define LIBTORCH_C_H

#include <stddef.h>
#include <stdint.h>

#include "dlpack.h"

#if defined(__clang__)
#define LTC_NONNULL _Nonnull
#define LTC_NULLABLE _Nullable
#else
#define LTC_NONNULL
#define LTC_NULLABLE
#endif

#if defined(__GNUC__)
#define LTC_EXPORT __attribute__((visibility("default")))
#else
#define LTC_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ltc_status {
    LTC_OK = 0,
    /// The caller violated a documented rule: an invalid tensor descriptor, an unknown name or a wrong type.
    LTC_INVALID_ARGUMENT = 1,
    /// The file is missing, unreadable, or not a TorchScript module that this libtorch can load.
    LTC_FILE = 2,
    /// The device does not exist, or libtorch does not support it.
    LTC_DEVICE = 3,
    /// The machine or the device is out of memory.
    LTC_OUT_OF_MEMORY = 4,
    /// libtorch, or the module's own code, reported an error.
    LTC_TORCH = 5,
    /// Any other error, which is a bug in this library.
    LTC_INTERNAL = 6,
    /// libtorch, or this library's implementation, is not installed or cannot be loaded. A later call tries again.
    LTC_UNAVAILABLE = 7
} ltc_status;

/// Frees a message or another string from this library. NULL is ignored.
LTC_EXPORT void ltc_string_free(char *LTC_NULLABLE string);

/// Frees a list of strings from this library, and the strings. NULL is ignored.
LTC_EXPORT void ltc_strings_free(char *LTC_NONNULL *LTC_NULLABLE strings, size_t count);

// Library

/// Version of this library, "major.minor.patch". Static; do not free.
LTC_EXPORT const char *LTC_NONNULL ltc_version(void);

/// Version of libtorch that this library was built for, such as "2.13.0". Static; do not free.
LTC_EXPORT const char *LTC_NONNULL ltc_torch_version(void);

/// The available devices: "cpu" first, then "cuda:<index> <name>" for each CUDA device. The first word of each can be
/// passed to `ltc_module_load`. Loads libtorch's CUDA libraries if they exist.
/// The caller frees `*devices` with `ltc_strings_free`.
LTC_EXPORT ltc_status ltc_devices(char *LTC_NONNULL *LTC_NULLABLE *LTC_NONNULL devices, size_t *LTC_NONNULL count,
                                  char *LTC_NULLABLE *LTC_NULLABLE message);

/// Number of threads per CPU operation, process-wide. Until it is set, this is libtorch's default.
LTC_EXPORT ltc_status ltc_get_intra_op_threads(int32_t *LTC_NONNULL count, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Sets the number of threads per operation, at least 1. It applies to later runs on any thread.
LTC_EXPORT ltc_status ltc_set_intra_op_threads(int32_t count, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Number of threads for independent operations of a module, process-wide.
LTC_EXPORT ltc_status ltc_get_inter_op_threads(int32_t *LTC_NONNULL count, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Sets the number of threads for independent operations, at least 1. libtorch allows this once per process, before the
/// first parallel operation; later calls fail with LTC_TORCH.
LTC_EXPORT ltc_status ltc_set_inter_op_threads(int32_t count, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Names of the engines that can run quantized modules on this machine: some of "fbgemm", "onednn", "qnnpack", "x86".
/// The caller frees `*engines` with `ltc_strings_free`.
LTC_EXPORT ltc_status ltc_quantized_engines(char *LTC_NONNULL *LTC_NULLABLE *LTC_NONNULL engines,
                                            size_t *LTC_NONNULL count, char *LTC_NULLABLE *LTC_NULLABLE message);

/// The engine in use, or "none". The caller frees `*engine` with `ltc_string_free`.
LTC_EXPORT ltc_status ltc_get_quantized_engine(char *LTC_NULLABLE *LTC_NONNULL engine,
                                               char *LTC_NULLABLE *LTC_NULLABLE message);

/// Selects the engine for quantized modules, process-wide. Loading packs a module's weights for the current engine, so
/// select the engine before loading and do not change it while such a module runs.
LTC_EXPORT ltc_status ltc_set_quantized_engine(const char *LTC_NONNULL engine,
                                               char *LTC_NULLABLE *LTC_NULLABLE message);

/// Receives a warning from libtorch or a module's code, as one line that is valid during the call. It is called on the
/// thread of the function that caused the warning, before that function returns; possibly on several threads at once.
typedef void (*ltc_warning_handler)(const char *LTC_NONNULL text, void *LTC_NULLABLE context);

/// Sets the handler of libtorch's warnings, process-wide. NULL, the default, discards them. A call in progress on
/// another thread may still use the previous handler.
LTC_EXPORT ltc_status ltc_set_warning_handler(ltc_warning_handler LTC_NULLABLE handler, void *LTC_NULLABLE context,
                                              char *LTC_NULLABLE *LTC_NULLABLE message);

// Modules

/// A TorchScript module in evaluation mode on one device.
typedef struct ltc_module ltc_module;

/// Names of the precisions in which this CPU can run modules that hold this library's operators: "fp32", "bf16" if the
/// CPU has instructions for it, and "int8". The caller frees `*precisions` with `ltc_strings_free`.
LTC_EXPORT ltc_status ltc_precisions(char *LTC_NONNULL *LTC_NULLABLE *LTC_NONNULL precisions,
                                     size_t *LTC_NONNULL count, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Loads the TorchScript module in the file `path` onto `device`: "cpu", "cuda" or "cuda:<index>".
///
/// The module may hold operators of this library: layers of the namespace `openclip`, whose weights are packed here for
/// this CPU in `precision`, one of `ltc_precisions`; NULL means "fp32". Everything else runs as it is stored.
///
/// The caller frees `*module` with `ltc_module_free`.
LTC_EXPORT ltc_status ltc_module_load(const char *LTC_NONNULL path, const char *LTC_NONNULL device,
                                      const char *LTC_NULLABLE precision,
                                      ltc_module *LTC_NULLABLE *LTC_NONNULL module,
                                      char *LTC_NULLABLE *LTC_NULLABLE message);

/// Frees a module that no thread is running, and the memory that runs of all modules keep. NULL is ignored.
LTC_EXPORT void ltc_module_free(ltc_module *LTC_NULLABLE module);

/// Runs a method of the module without recording gradients. The memory of large CPU tensors is kept for the next run.
///
/// - `method`: its name; NULL for "forward".
/// - `inputs`: `input_count` descriptors, the method's arguments in order. Each describes memory of the caller, which
///   is only read, and only during the call: device kDLCPU, row-major and contiguous (`strides` NULL or consistent with
///   this), aligned to its elements, `lanes` 1. A module on the CPU uses it without a copy. Dimensions of 0 are
///   allowed.
/// - `output`: one tensor in its own CPU memory, row-major and contiguous, whatever the module's device. The caller
///   frees it with `ltc_tensor_free`; it stays valid after the module is freed.
///
/// Fails with LTC_INVALID_ARGUMENT for an invalid descriptor, an unknown method or a wrong number of inputs, and with
/// LTC_TORCH if the method fails, does not accept the shapes or types, or returns anything other than one dense tensor.
LTC_EXPORT ltc_status ltc_module_run(ltc_module *LTC_NONNULL module, const char *LTC_NULLABLE method,
                                     const DLTensor *LTC_NULLABLE inputs, size_t input_count,
                                     DLManagedTensor *LTC_NULLABLE *LTC_NONNULL output,
                                     char *LTC_NULLABLE *LTC_NULLABLE message);

/// Runs `forward` for parts of `input`, and joins the results.
///
/// On a GPU, parts of `largest_part` rows, of which the last may have fewer, follow each other: one is copied to the
/// GPU while the one before is computed. On the CPU, each part runs on one thread, on several threads at a time
/// unless the module has quantised layers of libtorch's own; it
/// has up to `largest_part` rows, and no more than gives every thread one. Fewer rows than threads run together
/// on all threads, unless `largest_part` is 1: then each row has the result that a batch of it alone has on one thread,
/// the same bits whatever the other rows. `input` is as for `ltc_module_run`, with at least one row. `output` has a row
/// for each.
LTC_EXPORT ltc_status ltc_module_run_parts(ltc_module *LTC_NONNULL module, const DLTensor *LTC_NONNULL input,
                                           size_t largest_part, DLManagedTensor *LTC_NULLABLE *LTC_NONNULL output,
                                           char *LTC_NULLABLE *LTC_NULLABLE message);

/// Frees a tensor with its own deleter. NULL is ignored.
LTC_EXPORT void ltc_tensor_free(DLManagedTensor *LTC_NULLABLE tensor);

// Attributes of modules

typedef enum ltc_attribute_type {
    /// The module has no attribute with that name.
    LTC_ATTRIBUTE_NONE = 0,
    LTC_ATTRIBUTE_INT64 = 1,
    LTC_ATTRIBUTE_DOUBLE = 2,
    LTC_ATTRIBUTE_STRING = 3,
    /// Parameters, submodules and everything else that these functions cannot read.
    LTC_ATTRIBUTE_OTHER = 4
} ltc_attribute_type;

/// Names of the module's own attributes and constants, of all types, in the module's order.
/// The caller frees `*names` with `ltc_strings_free`.
LTC_EXPORT ltc_status ltc_module_attribute_names(const ltc_module *LTC_NONNULL module,
                                                 char *LTC_NONNULL *LTC_NULLABLE *LTC_NONNULL names,
                                                 size_t *LTC_NONNULL count, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Type of the attribute `name`; LTC_ATTRIBUTE_NONE if the module has no such attribute.
LTC_EXPORT ltc_status ltc_module_attribute_type(const ltc_module *LTC_NONNULL module, const char *LTC_NONNULL name,
                                                ltc_attribute_type *LTC_NONNULL type,
                                                char *LTC_NULLABLE *LTC_NULLABLE message);

/// Reads an attribute. Fails with LTC_INVALID_ARGUMENT if it does not exist or has another type.
LTC_EXPORT ltc_status ltc_module_get_int64(const ltc_module *LTC_NONNULL module, const char *LTC_NONNULL name,
                                           int64_t *LTC_NONNULL value, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Reads an attribute. Fails with LTC_INVALID_ARGUMENT if it does not exist or has another type.
LTC_EXPORT ltc_status ltc_module_get_double(const ltc_module *LTC_NONNULL module, const char *LTC_NONNULL name,
                                            double *LTC_NONNULL value, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Reads an attribute. Fails with LTC_INVALID_ARGUMENT if it does not exist or has another type.
/// The caller frees `*value` with `ltc_string_free`.
LTC_EXPORT ltc_status ltc_module_get_string(const ltc_module *LTC_NONNULL module, const char *LTC_NONNULL name,
                                            char *LTC_NULLABLE *LTC_NONNULL value,
                                            char *LTC_NULLABLE *LTC_NULLABLE message);

#ifdef __cplusplus
}
#endif

#endif
