// Test that loading packs one operator's weights at a time, without holding the stored weights of all, and that operators
// that had a weight in common keep it. Argument: the folder of the modules from make_modules.py.
#include <malloc.h>

#include "check.h"
#include "libtorch-c.h"

enum { width = 1024, layers = 16, layer_kibibytes = width * width * 4 / 1024 };

static char *message = NULL;

static ltc_module *load(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    ltc_module *module = NULL;
    CHECK_OK(ltc_module_load(path, "cpu", NULL, &module, &message));
    return module;
}

/// A value of /proc/self/status in KiB.
static long status(const char *name) {
    FILE *const file = fopen("/proc/self/status", "r");
    CHECK(file);
    char line[256];
    long value = -1;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, name, strlen(name)) == 0) value = strtol(line + strlen(name), NULL, 10);
    }
    fclose(file);
    CHECK(value >= 0);
    return value;
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    mallopt(M_MMAP_THRESHOLD, 128 << 10);  // as clip-cli does: what is freed goes back to the system at once
    ltc_module_free(load(argv[1], "encoder.pt"));  // opens libtorch

    const long before = status("VmHWM:");
    ltc_module *const module = load(argv[1], "layers.pt");
    const long most = status("VmHWM:") - before;
    printf("loading %d KiB of weights took up to %ld KiB\n", layers * layer_kibibytes, most);
    CHECK(most < (layers + 4) * layer_kibibytes);

    static float x[width];
    for (int i = 0; i < width; ++i) x[i] = (float)i;
    int64_t shape[2] = {1, width};
    const DLTensor input = {
        .data = x, .device = {kDLCPU, 0}, .ndim = 2, .dtype = {kDLFloat, 32, 1}, .shape = shape};
    DLManagedTensor *output = NULL;
    CHECK_OK(ltc_module_run(module, "forward", &input, 1, &output, &message));
    CHECK(memcmp(output->dl_tensor.data, x, sizeof x) == 0);
    ltc_tensor_free(output);
    ltc_module_free(module);
    return 0;
}
