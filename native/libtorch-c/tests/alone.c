// Without its implementation, libtorch-c reports what is missing. Argument: the folder with only that library.
#include "check.h"
#include "libtorch-c.h"

static char *message = NULL;

#define FAILS(call, text) CHECK_FAILS(call, LTC_UNAVAILABLE, text, ltc_string_free)

int main(int argc, char **argv) {
    CHECK(argc == 2);
    char place[4096];
    snprintf(place, sizeof place, "%s/swift-openclip/libtorch-c-implementation-%s.so", argv[1], ltc_version());
    ltc_module *module = NULL;
    FAILS(ltc_module_load("encoder.pt", "cpu", NULL, &module, &message), "libtorch cannot be loaded: ");
    FAILS(ltc_module_load("encoder.pt", "cpu", NULL, &module, &message), place);
    FAILS(ltc_module_load("encoder.pt", "cpu", NULL, &module, &message), "Run 'make setup'");
    CHECK(ltc_module_load("encoder.pt", "cpu", NULL, &module, NULL) == LTC_UNAVAILABLE);
    CHECK(module == NULL);

    CHECK(strchr(ltc_torch_version(), '.') != NULL);
    ltc_module_free(NULL);
    ltc_tensor_free(NULL);
    ltc_string_free(NULL);
    ltc_strings_free(NULL, 0);
    return 0;
}
