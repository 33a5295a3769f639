#include <arrow/config.h>

#include "libparquet-c.h"

const char *pqc_version(void) {
    return PQC_VERSION;
}

const char *pqc_arrow_version(void) {
    return arrow::GetBuildInfo().version_string.c_str();
}
