// Functions that do not need libtorch: they work before the implementation is opened, and without it.
#include <stdlib.h>

#ifndef TORCH_VERSION
#include <torch/version.h>
#endif

#include "libtorch-c.h"

const char *ltc_version(void) {
    return LIBRARY_VERSION;
}

const char *ltc_torch_version(void) {
    return TORCH_VERSION;
}

void ltc_string_free(char *string) {
    free(string);
}

void ltc_strings_free(char **strings, size_t count) {
    if (!strings) return;
    for (size_t i = 0; i < count; ++i) free(strings[i]);
    free(strings);
}

void ltc_tensor_free(DLManagedTensor *tensor) {
    if (tensor && tensor->deleter) tensor->deleter(tensor);
}
