#include "samples.h"

#include <math.h>

enum { BLOCK = 64 };

// Samples of a few pixels of a row, with 8 bits.
typedef struct samples {
    int y[BLOCK], u[BLOCK], v[BLOCK];
} samples;

static void load(const cyuv_image *image, uint32_t x, uint32_t y, int count, samples *into) {
    const void *luma = cyuv_row(image->y, image->y_stride, y);
    int lost = image->depth > 8 ? image->depth - 8 : 0;
    for (int i = 0; i < count; i++) into->y[i] = cyuv_sample(luma, x + i, image->depth) >> lost;
    if (!image->u || !image->v) return;
    const void *u = cyuv_row((const void *)image->u, image->uv_stride, y >> image->shift_y);
    const void *v = cyuv_row((const void *)image->v, image->uv_stride, y >> image->shift_y);
    for (int i = 0; i < count; i++) {
        size_t column = (x + i) >> image->shift_x;
        into->u[i] = cyuv_sample(u, column, image->depth) >> lost;
        into->v[i] = cyuv_sample(v, column, image->depth) >> lost;
    }
}

static inline uint8_t rounded(float value) { return cyuv_clamp((int)(value + 0.5f)); }

// With integers, as for the most common kind of image.
static void convert_integers(const samples *from, int count, cyuv_weights weights, int channels, uint8_t *out) {
    int r_cr = (int)lroundf(256 * weights.r_cr), g_cr = (int)lroundf(256 * weights.g_cr);
    int g_cb = (int)lroundf(256 * weights.g_cb), b_cb = (int)lroundf(256 * weights.b_cb);
    for (int i = 0; i < count; i++, out += channels) {
        int cb = from->u[i] - 128, cr = from->v[i] - 128;
        out[0] = cyuv_clamp(from->y[i] + ((r_cr * cr + 128) >> 8));
        out[1] = cyuv_clamp(from->y[i] + ((g_cb * cb + g_cr * cr + 128) >> 8));
        out[2] = cyuv_clamp(from->y[i] + ((b_cb * cb + 128) >> 8));
    }
}

static void convert(const samples *from, int count, bool full_range, cyuv_weights weights, int channels, uint8_t *out) {
    for (int i = 0; i < count; i++, out += channels) {
        float y = (float)from->y[i], cb = (float)(from->u[i] - 128), cr = (float)(from->v[i] - 128);
        if (!full_range) {
            y = (y - 16) * 1.1689f;
            cb = cb * 1.1429f;
            cr = cr * 1.1429f;
        }
        out[0] = rounded(y + weights.r_cr * cr);
        out[1] = rounded(y + weights.g_cb * cb + weights.g_cr * cr);
        out[2] = rounded(y + weights.b_cb * cb);
    }
}

static void reorder(const samples *from, int count, bool full_range, int channels, uint8_t *out) {
    for (int i = 0; i < count; i++, out += channels) {
        int r = from->v[i], g = from->y[i], b = from->u[i];
        out[0] = full_range ? (uint8_t)r : rounded(((float)r - 16) * 1.1429f);
        out[1] = full_range ? (uint8_t)g : rounded(((float)g - 16) * 1.1689f);
        out[2] = full_range ? (uint8_t)b : rounded(((float)b - 16) * 1.1429f);
    }
}

static void convert_ycgco(const samples *from, int count, int channels, uint8_t *out) {
    for (int i = 0; i < count; i++, out += channels) {
        int y = from->y[i], cg = from->u[i] - 128, co = from->v[i] - 128;
        out[0] = cyuv_clamp(y - cg + co);
        out[1] = cyuv_clamp(y + cg);
        out[2] = cyuv_clamp(y - cg - co);
    }
}

static void repeat(const samples *from, int count, int channels, uint8_t *out) {
    for (int i = 0; i < count; i++, out += channels) out[0] = out[1] = out[2] = (uint8_t)from->y[i];
}

void cyuv_convert_as_libheif(const cyuv_image *image, cyuv_model model, cyuv_weights weights, uint8_t *pixels) {
    bool full = image->full_range, has_integers = image->shift_x && image->shift_y && full;
    int channels = image->a ? 4 : 3, lost = image->a_depth > 8 ? image->a_depth - 8 : 0;
    samples block;
    for (uint32_t y = 0; y < image->height; y++) {
        for (uint32_t x = 0; x < image->width; x += BLOCK) {
            int count = image->width - x > BLOCK ? BLOCK : (int)(image->width - x);
            load(image, x, y, count, &block);
            if (!image->u || !image->v) repeat(&block, count, channels, pixels);
            else if (model == CYUV_IDENTITY) reorder(&block, count, full, channels, pixels);
            else if (model == CYUV_YCGCO) convert_ycgco(&block, count, channels, pixels);
            else if (has_integers) convert_integers(&block, count, weights, channels, pixels);
            else convert(&block, count, full, weights, channels, pixels);
            if (image->a) {
                const void *alpha = cyuv_row((const void *)image->a, image->a_stride, y);
                for (int i = 0; i < count; i++) {
                    pixels[4 * i + 3] = (uint8_t)(cyuv_sample(alpha, x + i, image->a_depth) >> lost);
                }
            }
            pixels += channels * count;
        }
    }
}
