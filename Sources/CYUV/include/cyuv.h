// Pixels of YCbCr images as RGB, with the same arithmetic as the libraries that Pillow and its plug-ins use.
#ifndef CYUV_H
#define CYUV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// A decoded image. Samples of up to 8 bits have one byte, others two in the host's order.
typedef struct cyuv_image {
    const void *y;
    // NULL in a monochrome image.
    const void *_Nullable u;
    const void *_Nullable v;
    // NULL in an image without alpha.
    const void *_Nullable a;
    // Bytes from one row to the next.
    size_t y_stride, uv_stride, a_stride;
    uint32_t width, height;
    // Bits of y, u and v, and of a.
    int depth, a_depth;
    // 1 where chroma has half the columns or rows, rounded up.
    int shift_x, shift_y;
    bool full_range;
} cyuv_image;

typedef enum cyuv_model {
    CYUV_MATRIX,
    // The channels are green, blue and red.
    CYUV_IDENTITY,
    CYUV_YCGCO,
} cyuv_model;

// The weights of chroma in red, green and blue.
typedef struct cyuv_weights {
    float r_cr, g_cb, g_cr, b_cb;
} cyuv_weights;

// As libheif 1.23 converts to 8 bits. Writes three bytes per pixel, four with alpha.
void cyuv_convert_as_libheif(const cyuv_image *image, cyuv_model model, cyuv_weights weights, uint8_t *pixels);

// Chroma at the resolution of luma, as libheif 1.23 interpolates it: source has (width + shift_x) >> shift_x columns and
// (height + shift_y) >> shift_y rows, target has width and height of image. The rows of both have no padding.
void cyuv_upsample_as_libheif(const void *source, const cyuv_image *image, void *target);

// Integer weights of libyuv, in 64ths; yg is luma's in 64ths of 256 / 257, yb its bias.
typedef struct cyuv_constants {
    int yg, yb, ub, ug, vg, vr;
} cyuv_constants;

// As libavif 1.4 converts to 8 bits through libyuv. Writes three bytes per pixel, four with alpha; chroma is memory for
// three rows of samples.
void cyuv_convert_as_libyuv(const cyuv_image *image, cyuv_constants constants, uint16_t *chroma, uint8_t *pixels);

// As libavif 1.4 converts to 8 bits where libyuv does not: with the weights of red and blue in luma. Writes one byte per
// pixel without chroma, otherwise three, and four with alpha.
void cyuv_convert_as_libavif(const cyuv_image *image, cyuv_model model, float kr, float kb, uint8_t *pixels);

#pragma clang assume_nonnull end

#endif
