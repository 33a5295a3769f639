#include "samples.h"

// Luma scaled to 16 bits, as libyuv extends samples of fewer bits.
CYUV_INLINE uint32_t widened(int y, int depth) {
    switch (depth) {
    case 8: return (uint32_t)y * 0x0101;
    case 10: return (uint32_t)(y << 6 | y >> 4);
    default: return (uint32_t)(y << 4 | y >> 8);
    }
}

// The rows of a chroma plane that a row of pixels uses.
typedef struct rows {
    const void *near, *far;
} rows;

static rows chroma_rows(const void *plane, const cyuv_image *image, uint32_t y) {
    uint32_t count = (image->height + image->shift_y) >> image->shift_y;
    uint32_t near = y >> image->shift_y, far = near;
    if (image->shift_y && y > 0) {
        far = y % 2 ? near + 1 : near - 1;
        if (far >= count) far = near;
    }
    return (rows){cyuv_row(plane, image->uv_stride, near), cyuv_row(plane, image->uv_stride, far)};
}

// Chroma of a row at the resolution of luma, after the loss of some bits: the nearest sample, or nine, three, three and one
// 16ths of the nearest ones in both directions. sums is memory for a row.
CYUV_INLINE void interpolate(
    rows from, const cyuv_image *image, int stored, bool is_nearest, int lost, uint16_t *restrict sums,
    uint16_t *restrict into
) {
    size_t width = image->width, columns = (width + image->shift_x) >> image->shift_x;
    if (!image->shift_x) {
        for (size_t x = 0; x < width; x++) into[x] = (uint16_t)(cyuv_sample(from.near, x, stored) >> lost);
        return;
    }
    if (is_nearest) {
        for (size_t x = 0; x < width; x++) into[x] = (uint16_t)(cyuv_sample(from.near, x / 2, stored) >> lost);
        return;
    }
    for (size_t x = 0; x < columns; x++) {
        int near = cyuv_sample(from.near, x, stored) >> lost, far = cyuv_sample(from.far, x, stored) >> lost;
        sums[x] = (uint16_t)(3 * near + far);
    }
    for (size_t x = 0; 2 * x + 2 < width; x++) {
        into[2 * x + 1] = (uint16_t)((3 * sums[x] + sums[x + 1] + 8) >> 4);
        into[2 * x + 2] = (uint16_t)((sums[x] + 3 * sums[x + 1] + 8) >> 4);
    }
    into[0] = (uint16_t)((4 * sums[0] + 8) >> 4);
    into[width - 1] = (uint16_t)((4 * sums[columns - 1] + 8) >> 4);
}

// libyuv lacks functions for some kinds of images. libavif then drops bits first, or takes the nearest chroma sample.
static int lost_bits(const cyuv_image *image) {
    bool has_function = image->a && image->u && (image->depth == 10 || (image->depth == 12 && image->shift_y));
    return image->depth == 8 || has_function ? 0 : image->depth - 8;
}

CYUV_INLINE uint8_t alpha(int a, int depth, bool by_shifting) {
    if (depth == 8) return (uint8_t)a;
    if (by_shifting) return cyuv_clamp(a >> (depth - 8));
    float most = (float)((1 << depth) - 1);
    return cyuv_clamp((int)(0.5f + (float)a / most * 255.0f));
}

// A block of pixels, whose chroma has 8 bits and is centred at 0.
CYUV_INLINE void convert(const uint16_t *y, const int16_t *u, const int16_t *v, int depth, cyuv_constants k, cyuv_block *to) {
    for (int i = 0; i < CYUV_BLOCK; i++) {
        int l = (int)(widened(y[i], depth) * (uint32_t)k.yg >> 16) + k.yb;
        to->r[i] = cyuv_clamp((l + v[i] * k.vr) >> 6);
        to->g[i] = cyuv_clamp((l - u[i] * k.ug - v[i] * k.vg) >> 6);
        to->b[i] = cyuv_clamp((l + u[i] * k.ub) >> 6);
    }
}

// Converts an image whose samples are stored with the given number of bits.
CYUV_INLINE void convert_rows(
    const cyuv_image *image, cyuv_constants k, int stored, int channels, uint16_t *chroma, uint8_t *pixels
) {
    int lost = lost_bits(image), depth = stored - lost;
    bool is_nearest = image->a && stored == 12 && image->shift_y, has_color = image->u && image->v;
    uint16_t *cb = chroma, *cr = chroma + image->width, *sums = chroma + 2 * (size_t)image->width;
    uint16_t luma[CYUV_BLOCK] = {0};
    int16_t u[CYUV_BLOCK] = {0}, v[CYUV_BLOCK] = {0};
    cyuv_block block = {0};
    for (uint32_t y = 0; y < image->height; y++) {
        const void *row = cyuv_row(image->y, image->y_stride, y);
        if (has_color) {
            interpolate(chroma_rows((const void *)image->u, image, y), image, stored, is_nearest, lost, sums, cb);
            interpolate(chroma_rows((const void *)image->v, image, y), image, stored, is_nearest, lost, sums, cr);
        }
        for (size_t x = 0; x < image->width; x += CYUV_BLOCK) {
            size_t count = image->width - x < CYUV_BLOCK ? image->width - x : CYUV_BLOCK;
            for (size_t i = 0; i < count; i++) luma[i] = (uint16_t)(cyuv_sample(row, x + i, stored) >> lost);
            for (size_t i = 0; has_color && i < count; i++) {
                u[i] = (int16_t)(cyuv_clamp(cb[x + i] >> (depth - 8)) - 128);
                v[i] = (int16_t)(cyuv_clamp(cr[x + i] >> (depth - 8)) - 128);
            }
            convert(luma, u, v, depth, k, &block);
            if (image->a) {
                const void *opacity = cyuv_row((const void *)image->a, image->a_stride, y);
                bool by_shifting = has_color && !is_nearest;
                for (size_t i = 0; i < count; i++) {
                    block.a[i] = alpha(cyuv_sample(opacity, x + i, image->a_depth), image->a_depth, by_shifting);
                }
            }
            cyuv_store(&block, count, channels, pixels);
            pixels += channels * count;
        }
    }
}

CYUV_FAST void cyuv_convert_as_libyuv(const cyuv_image *image, cyuv_constants k, uint16_t *chroma, uint8_t *pixels) {
    if (image->depth == 8 && !image->a) convert_rows(image, k, 8, 3, chroma, pixels);
    else convert_rows(image, k, image->depth, image->a ? 4 : 3, chroma, pixels);
}
