#include "samples.h"

#include <math.h>

// Samples of a few pixels of a row.
typedef struct samples {
    int y[CYUV_BLOCK], u[CYUV_BLOCK], v[CYUV_BLOCK];
    int count, depth;
    bool full_range;
} samples;

CYUV_INLINE void load_row(const void *row, size_t first, int count, int stored, int shift, int lost, int *into) {
    if (shift) {
        for (int i = 0; i < (count + 1) / 2; i++) {
            into[2 * i] = into[2 * i + 1] = cyuv_sample(row, first / 2 + i, stored) >> lost;
        }
    } else {
        for (int i = 0; i < count; i++) into[i] = cyuv_sample(row, first + i, stored) >> lost;
    }
}

// Samples that are stored with the given number of bits; those after the last one of the row keep their values.
CYUV_INLINE void load(const cyuv_image *image, uint32_t x, uint32_t y, int stored, samples *into) {
    int lost = image->depth - into->depth;
    into->count = image->width - x > CYUV_BLOCK ? CYUV_BLOCK : (int)(image->width - x);
    load_row(cyuv_row(image->y, image->y_stride, y), x, into->count, stored, 0, lost, into->y);
    if (!image->u || !image->v) return;
    const void *u = cyuv_row((const void *)image->u, image->uv_stride, y >> image->shift_y);
    const void *v = cyuv_row((const void *)image->v, image->uv_stride, y >> image->shift_y);
    load_row(u, x, into->count, stored, image->shift_x, lost, into->u);
    load_row(v, x, into->count, stored, image->shift_x, lost, into->v);
}

// The upper 8 bits of a sample, rounded to its depth first.
CYUV_INLINE uint8_t stored(float value, int depth) {
    int rounded = (int)(value + 0.5f), most = (1 << depth) - 1;
    return (uint8_t)((rounded < 0 ? 0 : rounded > most ? most : rounded) >> (depth - 8));
}

// With integers, as for the most common kind of image.
CYUV_INLINE void convert_integers(const samples *from, cyuv_weights weights, cyuv_block *to) {
    int r_cr = (int)lroundf(256 * weights.r_cr), g_cr = (int)lroundf(256 * weights.g_cr);
    int g_cb = (int)lroundf(256 * weights.g_cb), b_cb = (int)lroundf(256 * weights.b_cb);
    for (int i = 0; i < CYUV_BLOCK; i++) {
        int cb = from->u[i] - 128, cr = from->v[i] - 128;
        to->r[i] = cyuv_clamp(from->y[i] + ((r_cr * cr + 128) >> 8));
        to->g[i] = cyuv_clamp(from->y[i] + ((g_cb * cb + g_cr * cr + 128) >> 8));
        to->b[i] = cyuv_clamp(from->y[i] + ((b_cb * cb + 128) >> 8));
    }
}

CYUV_INLINE void convert(const samples *from, cyuv_weights weights, cyuv_block *to) {
    int depth = from->depth, middle = 1 << (depth - 1);
    float black = (float)(16 << (depth - 8));
    for (int i = 0; i < CYUV_BLOCK; i++) {
        float y = (float)from->y[i], cb = (float)(from->u[i] - middle), cr = (float)(from->v[i] - middle);
        if (!from->full_range) {
            y = (y - black) * 1.1689f;
            cb = cb * 1.1429f;
            cr = cr * 1.1429f;
        }
        to->r[i] = stored(y + weights.r_cr * cr, depth);
        to->g[i] = stored(y + weights.g_cb * cb + weights.g_cr * cr, depth);
        to->b[i] = stored(y + weights.b_cb * cb, depth);
    }
}

static void reorder(const samples *from, cyuv_block *to) {
    int depth = from->depth;
    float black = from->full_range ? 0 : (float)(16 << (depth - 8));
    float luma = from->full_range ? 1 : 1.1689f, chroma = from->full_range ? 1 : 1.1429f;
    for (int i = 0; i < from->count; i++) {
        to->r[i] = stored(((float)from->v[i] - black) * chroma, depth);
        to->g[i] = stored(((float)from->y[i] - black) * luma, depth);
        to->b[i] = stored(((float)from->u[i] - black) * chroma, depth);
    }
}

CYUV_INLINE uint8_t shortened(int value, int depth) {
    int most = (1 << depth) - 1;
    return (uint8_t)((value < 0 ? 0 : value > most ? most : value) >> (depth - 8));
}

static void convert_ycgco(const samples *from, cyuv_block *to) {
    int depth = from->depth, middle = 1 << (depth - 1);
    for (int i = 0; i < from->count; i++) {
        int y = from->y[i], cg = from->u[i] - middle, co = from->v[i] - middle;
        to->r[i] = shortened(y - cg + co, depth);
        to->g[i] = shortened(y + cg, depth);
        to->b[i] = shortened(y - cg - co, depth);
    }
}

static void repeat(const samples *from, cyuv_block *to) {
    for (int i = 0; i < from->count; i++) to->r[i] = to->g[i] = to->b[i] = (uint8_t)from->y[i];
}

CYUV_FAST void cyuv_convert_as_libheif(const cyuv_image *image, cyuv_model model, cyuv_weights weights, uint8_t *pixels) {
    bool is_gray = !image->u || !image->v, is_matrix = model == CYUV_MATRIX;
    bool has_integers = is_matrix && image->shift_x && image->shift_y && image->full_range;
    int channels = image->a ? 4 : 3, lost = image->a_depth - 8;
    samples from = {.depth = is_gray || has_integers ? 8 : image->depth, .full_range = image->full_range};
    cyuv_block block = {0};
    for (uint32_t y = 0; y < image->height; y++) {
        for (uint32_t x = 0; x < image->width; x += CYUV_BLOCK) {
            if (image->depth == 8) load(image, x, y, 8, &from);
            else load(image, x, y, image->depth, &from);
            if (is_gray) repeat(&from, &block);
            else if (model == CYUV_IDENTITY) reorder(&from, &block);
            else if (model == CYUV_YCGCO) convert_ycgco(&from, &block);
            else if (has_integers) convert_integers(&from, weights, &block);
            else convert(&from, weights, &block);
            if (image->a) {
                const void *alpha = cyuv_row((const void *)image->a, image->a_stride, y);
                for (int i = 0; i < from.count; i++) {
                    block.a[i] = (uint8_t)(cyuv_sample(alpha, x + i, image->a_depth) >> lost);
                }
            }
            cyuv_store(&block, (size_t)from.count, channels, pixels);
            pixels += channels * from.count;
        }
    }
}
