// Test of libtorch-c with the modules from make_modules.py. Argument: their folder.
#define _GNU_SOURCE  // barriers, memory files, RTLD_NOLOAD
#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "libtorch-c.h"

static const char *folder;
static char *message = NULL;

#define FAILS(call, status, text) CHECK_FAILS(call, status, text, ltc_string_free)

static const char *in_folder(const char *name) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static ltc_module *load(const char *name) {
    ltc_module *module = NULL;
    CHECK_OK(ltc_module_load(in_folder(name), "cpu", NULL, &module, &message));
    CHECK(module != NULL);
    return module;
}

static DLTensor tensor(void *data, uint8_t code, uint8_t bits, int32_t ndim, int64_t *shape) {
    return (DLTensor){.data = data, .device = {kDLCPU, 0}, .ndim = ndim, .dtype = {code, bits, 1}, .shape = shape};
}

static const float *float_data(const DLManagedTensor *tensor) {
    return (const float *)((const char *)tensor->dl_tensor.data + tensor->dl_tensor.byte_offset);
}

static void expect_floats(DLManagedTensor *output, int32_t ndim, const int64_t *shape, const float *values) {
    const DLTensor *result = &output->dl_tensor;
    CHECK(result->device.device_type == kDLCPU);
    CHECK(result->dtype.code == kDLFloat && result->dtype.bits == 32 && result->dtype.lanes == 1);
    CHECK(result->ndim == ndim);
    int64_t count = 1;
    for (int32_t d = ndim - 1; d >= 0; --d) {
        CHECK(result->shape[d] == shape[d]);
        CHECK(shape[d] == 1 || result->strides[d] == count);
        count *= shape[d];
    }
    // The values are small integers and halves: exact in float32.
    for (int64_t i = 0; i < count; ++i) CHECK(float_data(output)[i] == values[i]);
    ltc_tensor_free(output);
}

/// Two 1x2 images of three channels.
static uint8_t pixels[12] = {0, 10, 20, 2, 30, 40, 255, 1, 3, 255, 1, 4};
static int64_t image_shape[4] = {2, 1, 2, 3};
static const int64_t encoded_shape[2] = {2, 3};
static const float encoded[6] = {2, 40, 60, 510, 2, 7};

static bool libtorch_is_open(void) {
    return dlopen("libtorch_cpu.so", RTLD_NOW | RTLD_NOLOAD) != NULL;
}

static pthread_barrier_t opening;

static void *open_libtorch(void *unused) {
    int32_t count = 0;
    pthread_barrier_wait(&opening);
    CHECK(ltc_get_intra_op_threads(&count, NULL) == LTC_OK && count > 0);
    return unused;
}

/// Must run first.
static void libtorch_is_opened_when_it_is_needed(void) {
    CHECK(strcmp(ltc_version(), "3.1.0") == 0);
    ltc_module_free(NULL);
    CHECK(!libtorch_is_open());
    pthread_t threads[4];
    CHECK(pthread_barrier_init(&opening, NULL, 4) == 0);
    for (int i = 0; i < 4; ++i) CHECK(pthread_create(&threads[i], NULL, open_libtorch, NULL) == 0);
    for (int i = 0; i < 4; ++i) CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(libtorch_is_open());
}

static void versions_and_devices(void) {
    CHECK(strchr(ltc_torch_version(), '.') != NULL);
    char **devices = NULL;
    size_t count = 0;
    CHECK_OK(ltc_devices(&devices, &count, &message));
    CHECK(count >= 1 && strcmp(devices[0], "cpu") == 0);
    ltc_strings_free(devices, count);
}

static void runs_on_uint8_images(void) {
    ltc_module *module = load("encoder.pt");
    DLTensor input = tensor(pixels, kDLUInt, 8, 4, image_shape);
    DLManagedTensor *output = NULL;
    CHECK_OK(ltc_module_run(module, NULL, &input, 1, &output, &message));
    expect_floats(output, 2, encoded_shape, encoded);

    int64_t strides[4] = {6, 6, 3, 1};
    input.strides = strides;
    CHECK_OK(ltc_module_run(module, "forward", &input, 1, &output, &message));
    expect_floats(output, 2, encoded_shape, encoded);

    DLTensor second = tensor(pixels, kDLUInt, 8, 4, (int64_t[]){1, 1, 2, 3});
    second.byte_offset = 6;
    CHECK_OK(ltc_module_run(module, "forward", &second, 1, &output, &message));
    expect_floats(output, 2, (int64_t[]){1, 3}, encoded + 3);

    CHECK_OK(ltc_module_run(module, "training_flag", &input, 1, &output, &message));
    expect_floats(output, 1, (int64_t[]){1}, (float[]){0});
    ltc_module_free(module);
}

static void runs_in_parts(void) {
    ltc_module *module = load("encoder.pt");
    enum { rows = 7 };
    uint8_t many[rows * 6];
    float expected[rows * 3];
    for (size_t i = 0; i < rows; ++i) {
        memcpy(many + i * 6, pixels + i % 2 * 6, 6);
        memcpy(expected + i * 3, encoded + i % 2 * 3, 3 * sizeof(float));
    }
    DLTensor input = tensor(many, kDLUInt, 8, 4, (int64_t[]){rows, 1, 2, 3});
    DLManagedTensor *output = NULL;
    for (size_t largest = 1; largest <= rows + 1; ++largest) {
        CHECK_OK(ltc_module_run_parts(module, &input, largest, &output, &message));
        expect_floats(output, 2, (int64_t[]){rows, 3}, expected);
    }
    output = NULL;
    FAILS(ltc_module_run_parts(module, &input, 0, &output, &message), LTC_INVALID_ARGUMENT, "at least one row");
    input.shape = (int64_t[]){0, 1, 2, 3};
    FAILS(ltc_module_run_parts(module, &input, 2, &output, &message), LTC_INVALID_ARGUMENT, "no rows");
    input.shape = NULL;
    FAILS(ltc_module_run_parts(module, &input, 2, &output, &message), LTC_INVALID_ARGUMENT, "shape is NULL");
    CHECK(output == NULL);
    ltc_module_free(module);
}

static void runs_on_several_inputs(void) {
    ltc_module *module = load("encoder.pt");
    float a[3] = {1, 2, 3}, b[3] = {0.5, 4, 1};
    int64_t shape[1] = {3};
    DLTensor inputs[2] = {tensor(a, kDLFloat, 32, 1, shape), tensor(b, kDLFloat, 32, 1, shape)};
    DLManagedTensor *output = NULL;
    CHECK_OK(ltc_module_run(module, "difference", inputs, 2, &output, &message));
    expect_floats(output, 1, shape, (float[]){0.5, -2, 2});

    shape[0] = 0;
    CHECK_OK(ltc_module_run(module, "difference", inputs, 2, &output, &message));
    expect_floats(output, 1, shape, NULL);
    ltc_module_free(module);
}

/// Memory of large results is reused, but only after they are freed, in any order, with or without the module.
static void large_results_stay_good(void) {
    enum { results = 8, length = 1 << 18 };
    ltc_module *module = load("encoder.pt");
    float *a = malloc(length * sizeof *a), *zero = calloc(length, sizeof *zero);
    DLManagedTensor *outputs[results] = {NULL};
    for (int round = 0; round < 3 * results; ++round) {
        const int place = round * 5 % results;
        ltc_tensor_free(outputs[place]);
        int64_t shape[1] = {length - 1000 * (round % 3)};
        for (int i = 0; i < length; ++i) a[i] = (float)(place + i);
        DLTensor inputs[2] = {tensor(a, kDLFloat, 32, 1, shape), tensor(zero, kDLFloat, 32, 1, shape)};
        CHECK_OK(ltc_module_run(module, "difference", inputs, 2, &outputs[place], &message));
        for (int other = 0; other < results; ++other) {
            if (!outputs[other]) continue;
            const int64_t last = outputs[other]->dl_tensor.shape[0] - 1;
            for (int64_t i = 0; i <= last; i += 997) CHECK(float_data(outputs[other])[i] == (float)(other + i));
            CHECK(float_data(outputs[other])[last] == (float)(other + last));
        }
    }
    ltc_module_free(module);
    for (int i = 0; i < results; ++i) {
        CHECK(float_data(outputs[i])[length / 2] == (float)(i + length / 2));
        ltc_tensor_free(outputs[i]);
    }
    free(a);
    free(zero);
}

/// A result that is an input, a view of one, or a buffer of the module must be copied to its own memory.
static void output_owns_its_memory(void) {
    ltc_module *module = load("encoder.pt");
    float a[6] = {1, 2, 3, 4, 5, 6};
    int64_t shape[2] = {2, 3}, vector[2] = {1, 6};
    DLTensor input = tensor(a, kDLFloat, 32, 2, shape);
    DLManagedTensor *same = NULL, *view = NULL, *row = NULL, *factor = NULL;
    CHECK_OK(ltc_module_run(module, "identity", &input, 1, &same, &message));
    CHECK_OK(ltc_module_run(module, "transposed", &input, 1, &view, &message));
    input.shape = vector;
    CHECK_OK(ltc_module_run(module, "transposed", &input, 1, &row, &message));
    CHECK_OK(ltc_module_run(module, "own_factor", &input, 1, &factor, &message));
    memset(a, 0, sizeof a);
    expect_floats(same, 2, shape, (float[]){1, 2, 3, 4, 5, 6});
    expect_floats(view, 2, (int64_t[]){3, 2}, (float[]){1, 4, 2, 5, 3, 6});
    expect_floats(row, 2, (int64_t[]){6, 1}, (float[]){1, 2, 3, 4, 5, 6});

    ((float *)factor->dl_tensor.data)[0] = 7;
    DLManagedTensor *again = NULL;
    CHECK_OK(ltc_module_run(module, "own_factor", &input, 1, &again, &message));
    ltc_module_free(module);
    expect_floats(again, 1, (int64_t[]){3}, (float[]){2, 2, 2});
    expect_floats(factor, 1, (int64_t[]){3}, (float[]){7, 2, 2});
}

/// libtorch may represent conjugation, negation and even zeros as lazy flags of a tensor.
static void lazy_results_are_computed(void) {
    ltc_module *module = load("encoder.pt");
    float a[2] = {1, -2.5f};
    int64_t shape[1] = {2};
    DLTensor input = tensor(a, kDLFloat, 32, 1, shape);
    DLManagedTensor *output = NULL;
    CHECK_OK(ltc_module_run(module, "negated", &input, 1, &output, &message));
    expect_floats(output, 1, shape, (float[]){-1, 2.5f});
    CHECK_OK(ltc_module_run(module, "zero", &input, 1, &output, &message));
    expect_floats(output, 1, shape, (float[]){0, 0});

    CHECK_OK(ltc_module_run(module, "conjugated", &input, 1, &output, &message));
    CHECK(output->dl_tensor.dtype.code == kDLComplex && output->dl_tensor.dtype.bits == 64);
    const float conjugated[4] = {1, -1, -2.5f, 2.5f};
    for (int i = 0; i < 4; ++i) CHECK(float_data(output)[i] == conjugated[i]);
    ltc_tensor_free(output);
    ltc_module_free(module);
}

static void bad_descriptors_are_refused(void) {
    ltc_module *module = load("encoder.pt");
    const DLTensor good = tensor(pixels, kDLUInt, 8, 4, image_shape);
    DLManagedTensor *output = NULL;
    DLTensor input = good;
#define REFUSED(change, text)                                                                              \
    do {                                                                                                   \
        input = good;                                                                                      \
        change;                                                                                            \
        FAILS(ltc_module_run(module, NULL, &input, 1, &output, &message), LTC_INVALID_ARGUMENT, text);     \
        CHECK(output == NULL);                                                                             \
    } while (0)
    REFUSED(input.data = NULL, "method 'forward': input 0: data is NULL");
    REFUSED(input.shape = NULL, "shape is NULL");
    REFUSED(input.ndim = -1, "dimensions is -1");
    REFUSED(input.device.device_type = kDLCUDA, "not on the CPU");
    REFUSED(input.dtype.lanes = 4, "4 lanes");
    REFUSED(input.dtype.bits = 7, "7 bits");
    REFUSED(input.shape = ((int64_t[]){2, -1, 2, 3}), "dimension 1 is -1");
    REFUSED(input.shape = ((int64_t[]){INT64_MAX, 2, 2, 3}), "too many elements");
    REFUSED(input.strides = ((int64_t[]){6, 6, 1, 2}), "strides");
    REFUSED((input.dtype = (DLDataType){kDLFloat, 32, 1}, input.byte_offset = 1, input.shape = (int64_t[]){1, 1, 1, 2}),
            "not aligned");
#undef REFUSED
    FAILS(ltc_module_run(module, NULL, NULL, 1, &output, &message), LTC_INVALID_ARGUMENT, "inputs is NULL");
    FAILS(ltc_module_run(module, NULL, NULL, 0, &output, &message), LTC_INVALID_ARGUMENT, "takes 1 input, not 0");
    FAILS(ltc_module_run(module, "difference", &good, 1, &output, &message), LTC_INVALID_ARGUMENT,
          "'difference': takes 2 inputs, not 1");
    FAILS(ltc_module_run(module, "backward", &good, 1, &output, &message), LTC_INVALID_ARGUMENT,
          "'backward': the module has no such method");
    CHECK(ltc_module_run(module, NULL, NULL, 0, &output, NULL) == LTC_INVALID_ARGUMENT);
    ltc_module_free(module);
}

static void errors_of_the_module_are_reported(void) {
    ltc_module *module = load("encoder.pt");
    float values[6] = {0};
    int64_t two[1] = {2}, three[1] = {3};
    DLTensor inputs[2] = {tensor(values, kDLFloat, 32, 1, two), tensor(values, kDLFloat, 32, 1, three)};
    DLManagedTensor *output = NULL;
    FAILS(ltc_module_run(module, NULL, inputs, 1, &output, &message), LTC_TORCH, "images must be uint8");
    FAILS(ltc_module_run(module, "difference", inputs, 2, &output, &message), LTC_TORCH, "size of tensor a (2)");
    FAILS(ltc_module_run(module, "pair", inputs, 1, &output, &message), LTC_TORCH,
          "Tuple[Tensor, Tensor], not one tensor");
    FAILS(ltc_module_run(module, "sparse", inputs, 1, &output, &message), LTC_TORCH, "not a dense tensor");
    FAILS(ltc_module_run(module, "huge", inputs, 1, &output, &message), LTC_OUT_OF_MEMORY, "can't allocate memory");
    FAILS(ltc_module_run(module, "full_device", inputs, 1, &output, &message), LTC_OUT_OF_MEMORY, "ALLOC_FAILED");

    CHECK(ltc_module_run(module, "difference", inputs, 2, &output, &message) == LTC_TORCH);
    CHECK(strstr(message, "Exception raised from") == NULL && strstr(message, "Traceback") == NULL);
    CHECK(strchr(message, '\n') == NULL);
    ltc_string_free(message);
    message = NULL;
    CHECK(output == NULL);
    ltc_module_free(module);
}

static void bad_files_and_devices_are_refused(void) {
    ltc_module *module = NULL;
    FAILS(ltc_module_load(in_folder("missing.pt"), "cpu", NULL, &module, &message), LTC_FILE, "No such file");
    FAILS(ltc_module_load(folder, "cpu", NULL, &module, &message), LTC_FILE, "is a directory");
    FAILS(ltc_module_load(in_folder("text.pt"), "cpu", NULL, &module, &message), LTC_FILE, "text.pt: not a TorchScript");
    FAILS(ltc_module_load(in_folder("truncated.pt"), "cpu", NULL, &module, &message), LTC_FILE, "not a TorchScript");
    FAILS(ltc_module_load(in_folder("state_dict.pt"), "cpu", NULL, &module, &message), LTC_FILE, "not a TorchScript");
    FAILS(ltc_module_load(in_folder("encoder.pt"), "cuda:99", NULL, &module, &message), LTC_DEVICE, "cuda:99");
    FAILS(ltc_module_load(in_folder("encoder.pt"), "cpu:1", NULL, &module, &message), LTC_DEVICE, "cpu:1");
    const char *beyond[] = {"cpu:255", "cpu:256", "cpu:65536", "cuda:128", "cuda:256", "cuda:257", "cuda:4294967296"};
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; ++i) {
        FAILS(ltc_module_load(in_folder("encoder.pt"), beyond[i], NULL, &module, &message), LTC_DEVICE, beyond[i]);
    }
    FAILS(ltc_module_load(in_folder("encoder.pt"), "meta", NULL, &module, &message), LTC_DEVICE, "not supported");
    FAILS(ltc_module_load(in_folder("encoder.pt"), "toaster", NULL, &module, &message), LTC_INVALID_ARGUMENT, "toaster");
    FAILS(ltc_module_load(NULL, "cpu", NULL, &module, &message), LTC_INVALID_ARGUMENT, "path is NULL");
    CHECK(module == NULL);
}

static void attributes_are_read(void) {
    ltc_module *module = load("encoder.pt");
    int64_t dimension = 0;
    double scale = 0;
    char *name = NULL;
    CHECK_OK(ltc_module_get_int64(module, "embedding_dimension", &dimension, &message));
    CHECK_OK(ltc_module_get_double(module, "logit_scale", &scale, &message));
    CHECK_OK(ltc_module_get_string(module, "model_name", &name, &message));
    CHECK(dimension == 3 && scale == 100.5 && strcmp(name, "mean-pixel") == 0);
    ltc_string_free(name);

    FAILS(ltc_module_get_int64(module, "depth", &dimension, &message), LTC_INVALID_ARGUMENT, "no attribute 'depth'");
    FAILS(ltc_module_get_int64(module, "logit_scale", &dimension, &message), LTC_INVALID_ARGUMENT,
          "'logit_scale' is a floating-point number, not an integer");

    const char *wanted[] = {"embedding_dimension", "logit_scale", "model_name", "factor", "depth"};
    const ltc_attribute_type types[] = {LTC_ATTRIBUTE_INT64, LTC_ATTRIBUTE_DOUBLE, LTC_ATTRIBUTE_STRING,
                                        LTC_ATTRIBUTE_OTHER, LTC_ATTRIBUTE_NONE};
    char **names = NULL;
    size_t count = 0;
    CHECK_OK(ltc_module_attribute_names(module, &names, &count, &message));
    for (int i = 0; i < 5; ++i) {
        ltc_attribute_type type = LTC_ATTRIBUTE_NONE;
        CHECK_OK(ltc_module_attribute_type(module, wanted[i], &type, &message));
        CHECK(type == types[i]);
        bool listed = false;
        for (size_t j = 0; j < count; ++j) listed = listed || strcmp(names[j], wanted[i]) == 0;
        CHECK(listed == (type != LTC_ATTRIBUTE_NONE));
    }
    ltc_strings_free(names, count);
    ltc_module_free(module);
}

static void thread_counts_are_kept(void) {
    int32_t count = 0;
    CHECK_OK(ltc_set_intra_op_threads(2, &message));
    CHECK_OK(ltc_get_intra_op_threads(&count, &message));
    CHECK(count == 2);
    CHECK_OK(ltc_set_intra_op_threads(1, &message));
    CHECK_OK(ltc_get_intra_op_threads(&count, &message));
    CHECK(count == 1);
    FAILS(ltc_set_intra_op_threads(0, &message), LTC_INVALID_ARGUMENT, "at least 1");

    CHECK_OK(ltc_set_inter_op_threads(3, &message));
    CHECK_OK(ltc_get_inter_op_threads(&count, &message));
    CHECK(count == 3);
    FAILS(ltc_set_inter_op_threads(-1, &message), LTC_INVALID_ARGUMENT, "at least 1");
    FAILS(ltc_set_inter_op_threads(2, &message), LTC_TORCH, "interop threads");
}

static void quantized_module_runs_on_every_engine(void) {
    char **engines = NULL;
    size_t count = 0;
    CHECK_OK(ltc_quantized_engines(&engines, &count, &message));
    FAILS(ltc_set_quantized_engine("steam", &message), LTC_INVALID_ARGUMENT, "no quantized engine 'steam'");
    float values[64] = {0};
    for (int i = 0; i < 64; ++i) values[i] = (float)(i % 7) - 3;
    int64_t shape[2] = {1, 64};
    const DLTensor input = tensor(values, kDLFloat, 32, 2, shape);
    float first[8];
    for (size_t e = 0; e < count; ++e) {
        CHECK_OK(ltc_set_quantized_engine(engines[e], &message));
        char *engine = NULL;
        CHECK_OK(ltc_get_quantized_engine(&engine, &message));
        CHECK(strcmp(engine, engines[e]) == 0);
        ltc_string_free(engine);

        ltc_module *module = load("quantized.pt");
        DLManagedTensor *output = NULL;
        CHECK_OK(ltc_module_run(module, NULL, &input, 1, &output, &message));
        if (e == 0) memcpy(first, float_data(output), sizeof first);
        // Engines quantize the input to 7 or 8 bits: outputs near 1 differ by a few steps of 6/127.
        for (int i = 0; i < 8; ++i) CHECK(fabsf(float_data(output)[i] - first[i]) < 0.15f);
        ltc_tensor_free(output);
        ltc_module_free(module);
    }
    ltc_strings_free(engines, count);
}

static void *run_many(void *module) {
    for (int i = 0; i < 50; ++i) {
        DLTensor input = tensor(pixels, kDLUInt, 8, 4, image_shape);
        DLManagedTensor *output = NULL;
        CHECK(ltc_module_run(module, NULL, &input, 1, &output, NULL) == LTC_OK);
        expect_floats(output, 2, encoded_shape, encoded);
    }
    int32_t count = 0;
    CHECK(ltc_get_intra_op_threads(&count, NULL) == LTC_OK);
    CHECK(count == 1);  // what thread_counts_are_kept set on the main thread
    return NULL;
}

static void one_module_runs_on_several_threads(void) {
    ltc_module *module = load("encoder.pt");
    pthread_t threads[4];
    for (int i = 0; i < 4; ++i) CHECK(pthread_create(&threads[i], NULL, run_many, module) == 0);
    for (int i = 0; i < 4; ++i) CHECK(pthread_join(threads[i], NULL) == 0);
    ltc_module_free(module);
}

static void frozen_module_runs(void) {
    ltc_module *module = load("frozen.pt");
    float values[4] = {1, 2, 3, 4};
    DLTensor input = tensor(values, kDLFloat, 32, 2, (int64_t[]){1, 4});
    DLManagedTensor *output = NULL;
    CHECK_OK(ltc_module_run(module, NULL, &input, 1, &output, &message));
    CHECK(output->dl_tensor.shape[0] == 1 && output->dl_tensor.shape[1] == 2);
    ltc_tensor_free(output);
    ltc_module_free(module);
}

static void keep_text(const char *text, void *kept) {
    snprintf(kept, 100, "%s", text);
}

/// Runs the method that warns, and returns the number of bytes printed.
static off_t printed_by_warning(ltc_module *module) {
    const int standard_error = dup(STDERR_FILENO), file = memfd_create("stderr", 0);
    CHECK(standard_error >= 0 && file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    float values[1] = {0};
    const DLTensor input = tensor(values, kDLFloat, 32, 1, (int64_t[]){1});
    DLManagedTensor *output = NULL;
    const ltc_status status = ltc_module_run(module, "warning", &input, 1, &output, NULL);
    CHECK(dup2(standard_error, STDERR_FILENO) >= 0);
    CHECK(status == LTC_OK);
    ltc_tensor_free(output);
    const off_t printed = lseek(file, 0, SEEK_END);
    close(standard_error);
    close(file);
    return printed;
}

static void warnings_go_to_the_handler_alone(void) {
    ltc_module *module = load("encoder.pt");
    char text[100] = "";
    CHECK(printed_by_warning(module) == 0);
    CHECK_OK(ltc_set_warning_handler(keep_text, text, &message));
    CHECK(printed_by_warning(module) == 0);
    CHECK(strcmp(text, "this is old, and will go") == 0);

    text[0] = 0;
    CHECK_OK(ltc_set_warning_handler(NULL, NULL, &message));
    CHECK(printed_by_warning(module) == 0);
    CHECK(text[0] == 0);
    ltc_module_free(module);
}

static void null_is_freed(void) {
    ltc_module_free(NULL);
    ltc_tensor_free(NULL);
    ltc_string_free(NULL);
    ltc_strings_free(NULL, 0);
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    folder = argv[1];
    libtorch_is_opened_when_it_is_needed();
    versions_and_devices();
    thread_counts_are_kept();
    runs_on_uint8_images();
    runs_in_parts();
    runs_on_several_inputs();
    large_results_stay_good();
    output_owns_its_memory();
    lazy_results_are_computed();
    bad_descriptors_are_refused();
    errors_of_the_module_are_reported();
    bad_files_and_devices_are_refused();
    attributes_are_read();
    frozen_module_runs();
    quantized_module_runs_on_every_engine();
    one_module_runs_on_several_threads();
    warnings_go_to_the_handler_alone();
    null_is_freed();
    return 0;
}
