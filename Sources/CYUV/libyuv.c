#include "samples.h"

// Luma scaled to 16 bits, as libyuv extends samples of fewer bits.
static inline uint32_t widened(int y, int depth) {
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
// 16ths of the nearest ones in both directions.
static void interpolate(rows from, const cyuv_image *image, bool is_nearest, int lost, uint16_t *into) {
    for (uint32_t x = 0; x < image->width; x++) {
        uint32_t near = x >> image->shift_x, far = near;
        if (image->shift_x && x > 0 && x < image->width - 1) far = x % 2 ? near + 1 : near - 1;
        int a = cyuv_sample(from.near, near, image->depth) >> lost;
        if (is_nearest || !image->shift_x) {
            into[x] = (uint16_t)a;
            continue;
        }
        int b = cyuv_sample(from.near, far, image->depth) >> lost;
        if (from.near == from.far) {
            into[x] = (uint16_t)((3 * a + b + 2) >> 2);
        } else {
            int c = cyuv_sample(from.far, near, image->depth) >> lost, d = cyuv_sample(from.far, far, image->depth) >> lost;
            into[x] = (uint16_t)((9 * a + 3 * b + 3 * c + d + 8) >> 4);
        }
    }
}

// libyuv lacks functions for some kinds of images. libavif then drops bits first, or takes the nearest chroma sample.
static int lost_bits(const cyuv_image *image) {
    bool has_function = image->a && image->u && (image->depth == 10 || (image->depth == 12 && image->shift_y));
    return image->depth == 8 || has_function ? 0 : image->depth - 8;
}

static inline uint8_t alpha(int a, int depth, bool by_shifting) {
    if (depth == 8) return (uint8_t)a;
    if (by_shifting) return cyuv_clamp(a >> (depth - 8));
    float most = (float)((1 << depth) - 1);
    return cyuv_clamp((int)(0.5f + (float)a / most * 255.0f));
}

void cyuv_convert_as_libyuv(const cyuv_image *image, cyuv_constants k, uint16_t *chroma, uint8_t *pixels) {
    int lost = lost_bits(image), depth = image->depth - lost, channels = image->a ? 4 : 3;
    bool is_nearest = image->a && image->depth == 12 && image->shift_y;
    bool has_color = image->u && image->v;
    for (uint32_t y = 0; y < image->height; y++) {
        const void *luma = cyuv_row(image->y, image->y_stride, y);
        if (has_color) {
            interpolate(chroma_rows((const void *)image->u, image, y), image, is_nearest, lost, chroma);
            interpolate(chroma_rows((const void *)image->v, image, y), image, is_nearest, lost, chroma + image->width);
        }
        for (uint32_t x = 0; x < image->width; x++, pixels += channels) {
            uint32_t scaled = widened(cyuv_sample(luma, x, image->depth) >> lost, depth) * (uint32_t)k.yg;
            int l = (int)(scaled >> 16) + k.yb;
            int u = has_color ? cyuv_clamp(chroma[x] >> (depth - 8)) - 128 : 0;
            int v = has_color ? cyuv_clamp(chroma[image->width + x] >> (depth - 8)) - 128 : 0;
            pixels[0] = cyuv_clamp((l + v * k.vr) >> 6);
            pixels[1] = cyuv_clamp((l - u * k.ug - v * k.vg) >> 6);
            pixels[2] = cyuv_clamp((l + u * k.ub) >> 6);
            if (!image->a) continue;
            const void *row = cyuv_row((const void *)image->a, image->a_stride, y);
            pixels[3] = alpha(cyuv_sample(row, x, image->a_depth), image->a_depth, has_color && !is_nearest);
        }
    }
}
