// The definition in plain C, also for what is left over by versions that handle many bytes at a time.
#ifndef CRESAMPLE_PORTABLE_H
#define CRESAMPLE_PORTABLE_H

#include "cresample.h"

extern const cresample_version cresample_portable;

enum { CRESAMPLE_FRACTIONAL_BITS = 22, CRESAMPLE_LOW_BITS = 15 };

// One row of output pixels.
void cresample_portable_row(
    const uint8_t *source,
    size_t channels,
    const cresample_span *spans,
    size_t span_count,
    const int16_t *weights,
    uint8_t *target
);

// One output row from the first row of its span. weights are those of the span.
void cresample_portable_column(
    const uint8_t *source,
    size_t row_bytes,
    size_t count,
    const int16_t *weights,
    uint8_t *target
);

#endif
