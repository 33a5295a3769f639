/// C interface to libtorch: load a TorchScript module, run it on tensors, read its attributes.
///
/// Every function that can fail returns an `ltc_status`. Each takes a `message` that may be NULL; where it is not,
/// `*message` is NULL after LTC_OK, and after a failure a text that the caller frees with `ltc_string_free`
/// (NULL when there was no memory for it). Results are written only on LTC_OK. No C++ exception leaves the library.
///
/// Functions may be called from any thread. One module may run on several threads at once.
///
/// libtorch itself is opened by the first function that returns a status, so that a program which links this library starts
/// without it. Where it is missing, such a function fails with LTC_UNAVAILABLE; all others work.
///
/// libtorch prints nothing by itself then, unless the environment says so with TORCH_CPP_LOG_LEVEL: `ltc_set_warning_handler`
/// gives out its warnings.
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
    /// The caller broke a rule stated here: a bad tensor descriptor, an unknown name, a wrong type.
    LTC_INVALID_ARGUMENT = 1,
    /// The file is missing, unreadable, or not a TorchScript module that this libtorch can load.
    LTC_FILE = 2,
    /// The device does not exist here, or libtorch has no support for it.
    LTC_DEVICE = 3,
    /// Memory of the machine or of the device ran out.
    LTC_OUT_OF_MEMORY = 4,
    /// libtorch, or the module's own code, reported an error.
    LTC_TORCH = 5,
    /// Anything else: a defect of this library.
    LTC_INTERNAL = 6,
    /// libtorch, or the part of this library that goes with it, is not installed or cannot be loaded. A later call tries again.
    LTC_UNAVAILABLE = 7
} ltc_status;

/// Frees a message or another string from this library. NULL is ignored.
LTC_EXPORT void ltc_string_free(char *LTC_NULLABLE string);

/// Frees a list of strings from this library, and the strings. NULL is ignored.
LTC_EXPORT void ltc_strings_free(char *LTC_NONNULL *LTC_NULLABLE strings, size_t count);

// Library

/// Version of this library, "major.minor.patch". Static: not to be freed.
LTC_EXPORT const char *LTC_NONNULL ltc_version(void);

/// Version of the libtorch that this library was built for, such as "2.13.0". Static: not to be freed.
LTC_EXPORT const char *LTC_NONNULL ltc_torch_version(void);

/// The devices that modules can be loaded onto: "cpu" first, then one "cuda:<index> <name>" for each CUDA device.
/// The first word of each is what `ltc_module_load` takes. Loads libtorch's CUDA part where there is one.
/// The caller frees `*devices` with `ltc_strings_free`.
LTC_EXPORT ltc_status ltc_devices(char *LTC_NONNULL *LTC_NULLABLE *LTC_NONNULL devices, size_t *LTC_NONNULL count,
                                  char *LTC_NULLABLE *LTC_NULLABLE message);

/// Threads that one operation on the CPU may use, process-wide. Before it is set: libtorch's own choice.
LTC_EXPORT ltc_status ltc_get_intra_op_threads(int32_t *LTC_NONNULL count, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Sets the number of threads that one operation may use, at least 1. Runs that start later use it, on any thread.
LTC_EXPORT ltc_status ltc_set_intra_op_threads(int32_t count, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Threads that independent operations of one module may use, process-wide.
LTC_EXPORT ltc_status ltc_get_inter_op_threads(int32_t *LTC_NONNULL count, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Sets the number of threads for independent operations, at least 1. libtorch allows it once in a process, before
/// the first operation that runs beside another; later calls fail with LTC_TORCH.
LTC_EXPORT ltc_status ltc_set_inter_op_threads(int32_t count, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Names of the engines that can run quantized modules here: some of "fbgemm", "onednn", "qnnpack", "x86".
/// The caller frees `*engines` with `ltc_strings_free`.
LTC_EXPORT ltc_status ltc_quantized_engines(char *LTC_NONNULL *LTC_NULLABLE *LTC_NONNULL engines,
                                            size_t *LTC_NONNULL count, char *LTC_NULLABLE *LTC_NULLABLE message);

/// The engine in use, or "none". The caller frees `*engine` with `ltc_string_free`.
LTC_EXPORT ltc_status ltc_get_quantized_engine(char *LTC_NULLABLE *LTC_NONNULL engine,
                                               char *LTC_NULLABLE *LTC_NULLABLE message);

/// Chooses the engine for quantized modules, process-wide. Loading packs a module's weights for the engine in use
/// at that time: choose before loading, and leave it unchanged while such a module runs.
LTC_EXPORT ltc_status ltc_set_quantized_engine(const char *LTC_NONNULL engine,
                                               char *LTC_NULLABLE *LTC_NULLABLE message);

/// Takes a warning of libtorch or of a module's code: one line, good during the call. It is called on the thread of the
/// function that the warning came from, before that returns, and may be called on several threads at once.
typedef void (*ltc_warning_handler)(const char *LTC_NONNULL text, void *LTC_NULLABLE context);

/// Chooses what takes libtorch's warnings, process-wide. NULL, as at the start: nothing, and they are lost. A call that is
/// under way on another thread may still use the handler before.
LTC_EXPORT ltc_status ltc_set_warning_handler(ltc_warning_handler LTC_NULLABLE handler, void *LTC_NULLABLE context,
                                              char *LTC_NULLABLE *LTC_NULLABLE message);

// Modules

/// A TorchScript module in evaluation mode on one device.
typedef struct ltc_module ltc_module;

/// Loads the TorchScript module in the file `path` onto `device`: "cpu", "cuda" or "cuda:<index>".
/// The caller frees `*module` with `ltc_module_free`.
LTC_EXPORT ltc_status ltc_module_load(const char *LTC_NONNULL path, const char *LTC_NONNULL device,
                                      ltc_module *LTC_NULLABLE *LTC_NONNULL module,
                                      char *LTC_NULLABLE *LTC_NULLABLE message);

/// Frees a module that no thread is running, and the memory that runs of all modules keep. NULL is ignored.
LTC_EXPORT void ltc_module_free(ltc_module *LTC_NULLABLE module);

/// Runs a method of the module without recording gradients. The memory of the large tensors that it makes on the CPU is kept
/// for the next run.
///
/// - `method`: its name; NULL means "forward".
/// - `inputs`: `input_count` descriptors, the method's arguments in order. Each describes memory of the caller that
///   is only read, and only during the call: device kDLCPU, row-major without gaps (`strides` NULL or saying so),
///   aligned to its elements, `lanes` 1. Nothing is copied for a module on the CPU. Dimensions of 0 are allowed.
/// - `output`: one tensor in CPU memory of its own, row-major without gaps, whatever the module's device.
///   The caller frees it with `ltc_tensor_free`, also after the module is gone.
///
/// Fails with LTC_INVALID_ARGUMENT for a bad descriptor, an unknown method or a wrong number of inputs, and with
/// LTC_TORCH when the method itself fails, does not accept the shapes or types, or returns anything but one dense
/// tensor.
LTC_EXPORT ltc_status ltc_module_run(ltc_module *LTC_NONNULL module, const char *LTC_NULLABLE method,
                                     const DLTensor *LTC_NULLABLE inputs, size_t input_count,
                                     DLManagedTensor *LTC_NULLABLE *LTC_NONNULL output,
                                     char *LTC_NULLABLE *LTC_NULLABLE message);

/// Frees a tensor by its own deleter. NULL is ignored.
LTC_EXPORT void ltc_tensor_free(DLManagedTensor *LTC_NULLABLE tensor);

// Attributes of modules

typedef enum ltc_attribute_type {
    /// The module has no attribute of that name.
    LTC_ATTRIBUTE_NONE = 0,
    LTC_ATTRIBUTE_INT64 = 1,
    LTC_ATTRIBUTE_DOUBLE = 2,
    LTC_ATTRIBUTE_STRING = 3,
    /// Parameters, submodules and everything else that these functions do not read.
    LTC_ATTRIBUTE_OTHER = 4
} ltc_attribute_type;

/// Names of the module's own attributes and constants, of every type, in the module's order.
/// The caller frees `*names` with `ltc_strings_free`.
LTC_EXPORT ltc_status ltc_module_attribute_names(const ltc_module *LTC_NONNULL module,
                                                 char *LTC_NONNULL *LTC_NULLABLE *LTC_NONNULL names,
                                                 size_t *LTC_NONNULL count, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Type of the attribute `name`, LTC_ATTRIBUTE_NONE where the module has none of that name.
LTC_EXPORT ltc_status ltc_module_attribute_type(const ltc_module *LTC_NONNULL module, const char *LTC_NONNULL name,
                                                ltc_attribute_type *LTC_NONNULL type,
                                                char *LTC_NULLABLE *LTC_NULLABLE message);

/// Reads an attribute. LTC_INVALID_ARGUMENT where there is none of that name or where it has another type.
LTC_EXPORT ltc_status ltc_module_get_int64(const ltc_module *LTC_NONNULL module, const char *LTC_NONNULL name,
                                           int64_t *LTC_NONNULL value, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Reads an attribute. LTC_INVALID_ARGUMENT where there is none of that name or where it has another type.
LTC_EXPORT ltc_status ltc_module_get_double(const ltc_module *LTC_NONNULL module, const char *LTC_NONNULL name,
                                            double *LTC_NONNULL value, char *LTC_NULLABLE *LTC_NULLABLE message);

/// Reads an attribute. LTC_INVALID_ARGUMENT where there is none of that name or where it has another type.
/// The caller frees `*value` with `ltc_string_free`.
LTC_EXPORT ltc_status ltc_module_get_string(const ltc_module *LTC_NONNULL module, const char *LTC_NONNULL name,
                                            char *LTC_NULLABLE *LTC_NONNULL value,
                                            char *LTC_NULLABLE *LTC_NULLABLE message);

#ifdef __cplusplus
}
#endif

#endif
