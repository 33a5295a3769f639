// A file in memory as libtiff reads it.
#ifndef CTIFF_SOURCE_H
#define CTIFF_SOURCE_H

#include "ctiff.h"

#include <tiffio.h>

struct ctiff_file {
    const uint8_t *data;
    uint64_t size;
    uint64_t position;
    TIFF *tiff;
    char message[256];
    char damage[256];
    // Whether the directory has been read.
    bool is_open;
};

// Opens a file whose data and size are set. Returns null if libtiff refuses it.
TIFF *ctiff_open_tiff(ctiff_file *file, size_t maximum_allocation);

#endif
