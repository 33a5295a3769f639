// The part of OpenVINO's C API that runs an encoder. The library is opened at run time, so a build needs neither it nor
// its headers. The declarations are those of openvino/c/openvino.h.
#ifndef COPENVINO_H
#define COPENVINO_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

typedef struct ov_core ov_core;
typedef struct ov_model ov_model;
typedef struct ov_compiled_model ov_compiled_model;
typedef struct ov_infer_request ov_infer_request;
typedef struct ov_tensor ov_tensor;
typedef struct ov_output_const_port ov_output_const_port;

// 0 on success. Element types have no part here, because their numbers differ between releases.
typedef int copenvino_status;

typedef struct copenvino_version {
    const char *_Nullable build;
    const char *_Nullable description;
} copenvino_version;

typedef struct copenvino_dimension {
    int64_t least;
    int64_t most;
} copenvino_dimension;

// To be freed with partial_shape_free where OpenVINO fills it.
typedef struct copenvino_partial_shape {
    copenvino_dimension rank;
    copenvino_dimension *_Nullable dimensions;
} copenvino_partial_shape;

// To be freed with shape_free where OpenVINO fills it.
typedef struct copenvino_shape {
    int64_t rank;
    int64_t *_Nullable dimensions;
} copenvino_shape;

// To be freed with available_devices_free.
typedef struct copenvino_devices {
    char *_Nullable *_Nullable names;
    size_t count;
} copenvino_devices;

// The functions, without the prefix `ov_`: name, result, parameters. What a function creates, the caller frees.
#define COPENVINO_FUNCTIONS(each)                                                                                     \
    each(free, void, (const char *))                                                                                  \
    each(get_last_err_msg, char *_Nullable, (void))                                                                   \
    each(get_error_info, const char *_Nonnull, (copenvino_status))                                                    \
    each(get_openvino_version, copenvino_status, (copenvino_version *))                                               \
    each(version_free, void, (copenvino_version *))                                                                   \
    each(core_create, copenvino_status, (ov_core *_Nullable *_Nonnull))                                               \
    each(core_set_property, copenvino_status, (const ov_core *, const char *, ...))                                   \
    each(core_get_property, copenvino_status,                                                                         \
         (const ov_core *, const char *, const char *, char *_Nullable *_Nonnull))                                    \
    each(core_get_available_devices, copenvino_status, (const ov_core *, copenvino_devices *))                        \
    each(available_devices_free, void, (copenvino_devices *))                                                         \
    each(core_read_model, copenvino_status,                                                                           \
         (const ov_core *, const char *, const char *, ov_model *_Nullable *_Nonnull))                                \
    each(core_compile_model, copenvino_status,                                                                        \
         (const ov_core *, const ov_model *, const char *, size_t, ov_compiled_model *_Nullable *_Nonnull, ...))      \
    each(model_const_input, copenvino_status, (const ov_model *, ov_output_const_port *_Nullable *_Nonnull))          \
    each(model_reshape_single_input, copenvino_status, (const ov_model *, copenvino_partial_shape))                   \
    each(model_free, void, (ov_model *))                                                                              \
    each(port_get_partial_shape, copenvino_status, (const ov_output_const_port *, copenvino_partial_shape *))         \
    each(output_const_port_free, void, (ov_output_const_port *))                                                      \
    each(partial_shape_free, void, (copenvino_partial_shape *))                                                       \
    each(compiled_model_get_property, copenvino_status,                                                               \
         (const ov_compiled_model *, const char *, char *_Nullable *_Nonnull))                                        \
    each(compiled_model_create_infer_request, copenvino_status,                                                       \
         (const ov_compiled_model *, ov_infer_request *_Nullable *_Nonnull))                                          \
    each(compiled_model_free, void, (ov_compiled_model *))                                                            \
    each(infer_request_get_input_tensor, copenvino_status,                                                            \
         (const ov_infer_request *, ov_tensor *_Nullable *_Nonnull))                                                  \
    each(infer_request_get_output_tensor, copenvino_status,                                                           \
         (const ov_infer_request *, ov_tensor *_Nullable *_Nonnull))                                                  \
    each(infer_request_start_async, copenvino_status, (ov_infer_request *))                                           \
    each(infer_request_wait, copenvino_status, (ov_infer_request *))                                                  \
    each(infer_request_free, void, (ov_infer_request *))                                                              \
    each(tensor_data, copenvino_status, (const ov_tensor *, void *_Nullable *_Nonnull))                               \
    each(tensor_get_byte_size, copenvino_status, (const ov_tensor *, size_t *))                                       \
    each(tensor_get_shape, copenvino_status, (const ov_tensor *, copenvino_shape *))                                  \
    each(tensor_set_shape, copenvino_status, (ov_tensor *, copenvino_shape))                                          \
    each(tensor_free, void, (ov_tensor *))                                                                            \
    each(shape_free, copenvino_status, (copenvino_shape *))

typedef struct copenvino_functions {
#define COPENVINO_FIELD(name, result, parameters) result(*_Null_unspecified name) parameters;
    COPENVINO_FUNCTIONS(COPENVINO_FIELD)
#undef COPENVINO_FIELD
} copenvino_functions;

// Looks up every function of an opened library. Returns the name of the first one that it lacks, or NULL.
const char *_Nullable copenvino_find(void *library, copenvino_functions *functions);

// Swift cannot call functions with variable arguments.

// Makes reading a model copy its weights, so that a file that changes later has no influence.
copenvino_status copenvino_read_whole_files(const copenvino_functions *functions, const ov_core *core);

// Compiles a model for the CPU, for streams of one thread each. `precision` is OpenVINO's name of it: f32 or bf16.
copenvino_status copenvino_compile(const copenvino_functions *functions, const ov_core *core, const ov_model *model,
                                   const char *threads, const char *precision,
                                   ov_compiled_model *_Nullable *_Nonnull compiled);

// The path of the library with a symbol of this name, which the loader owns; NULL if no such library is loaded.
const char *_Nullable copenvino_library_of(const char *symbol);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
