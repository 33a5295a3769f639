// Copies decoded tiles to an image.
#ifndef CJPEG2000_TILE_H
#define CJPEG2000_TILE_H

#include "cjpeg2000.h"

#include <openjpeg.h>

typedef struct target {
    uint8_t *pixels;
    uint32_t width;
    uint32_t height;
    uint32_t components;
    uint32_t sample_bytes;
} target;

// A tile, in the coordinates of the reference grid.
typedef struct tile {
    OPJ_UINT32 index;
    OPJ_UINT32 data_size;
    OPJ_INT32 x0, y0, x1, y1;
    OPJ_UINT32 components;
} tile;

// Whether the image is what result has room for.
bool cjpeg2000_fits(const opj_image_t *image, const target *result);

bool cjpeg2000_lies_within(const tile *part, const opj_image_t *image);

// Copies one component of a tile to its place among the pixels.
//
// Returns the number of bytes that the component has in data, or 0 if there are fewer.
size_t cjpeg2000_copy_component(
    const opj_image_t *image, const tile *part, uint32_t channel, const uint8_t *data, size_t size, const target *result
);

#endif
