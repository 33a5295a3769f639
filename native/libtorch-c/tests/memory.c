// Test that freeing a result allocates nothing, because it could not report running out of memory. Argument: the folder
// of the modules from make_modules.py.
#include <stdbool.h>
#include <stdint.h>

#include "check.h"
#include "libtorch-c.h"

// Replaces malloc, also within libtorch-c, and counts calls. operator new calls it.
extern void *__libc_malloc(size_t size);

static bool counts = false;
static size_t allocations = 0;

__attribute__((visibility("default"))) void *malloc(size_t size) {
    if (counts) ++allocations;
    return __libc_malloc(size);
}

enum { results = 8, length = 1 << 18 };

static float a[length], zero[length];
static char *message = NULL;

static void make(ltc_module *module, DLManagedTensor *outputs[results]) {
    int64_t shape[1] = {length};
    DLTensor inputs[2] = {
        {.data = a, .device = {kDLCPU, 0}, .ndim = 1, .dtype = {kDLFloat, 32, 1}, .shape = shape},
        {.data = zero, .device = {kDLCPU, 0}, .ndim = 1, .dtype = {kDLFloat, 32, 1}, .shape = shape},
    };
    for (int i = 0; i < results; ++i) {
        CHECK_OK(ltc_module_run(module, "difference", inputs, 2, &outputs[i], &message));
    }
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    char path[4096];
    snprintf(path, sizeof path, "%s/encoder.pt", argv[1]);
    ltc_module *module = NULL;
    CHECK_OK(ltc_module_load(path, "cpu", NULL, &module, &message));

    counts = true;
    free(malloc(1));
    char **devices = NULL;
    size_t count = 0;
    CHECK_OK(ltc_devices(&devices, &count, &message));
    counts = false;
    ltc_strings_free(devices, count);
    CHECK(allocations > 1);  // those of libtorch-c are seen

    // The first results lie outside the block, later ones in it, next to each other: freeing every other one leaves gaps,
    // and freeing the rest joins them.
    DLManagedTensor *outputs[results];
    for (int round = 0; round < 4; ++round) {
        make(module, outputs);
        allocations = 0;
        counts = true;
        for (int i = 0; i < results; i += 2) ltc_tensor_free(outputs[i]);
        for (int i = 1; i < results; i += 2) ltc_tensor_free(outputs[i]);
        counts = false;
        CHECK(allocations == 0);
    }
    ltc_module_free(module);
    return 0;
}
