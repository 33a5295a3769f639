// Functions that do not need Arrow: they work before the implementation is opened, and without it.
#include <stdlib.h>

#include <arrow/util/config.h>

#include "libparquet-c.h"

const char *pqc_version(void) {
    return LIBRARY_VERSION;
}

const char *pqc_arrow_version(void) {
    return ARROW_VERSION_STRING;
}

void pqc_string_free(char *string) {
    free(string);
}
