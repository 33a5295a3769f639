#include "samples.h"

#include <math.h>

enum { BLOCK = 64 };

// Samples of a few pixels of a row.
typedef struct samples {
    int y[BLOCK], u[BLOCK], v[BLOCK];
    int count, depth;
    bool full_range;
} samples;

static void load(const cyuv_image *image, uint32_t x, uint32_t y, int depth, samples *into) {
    const void *luma = cyuv_row(image->y, image->y_stride, y);
    int lost = image->depth - depth, count = image->width - x > BLOCK ? BLOCK : (int)(image->width - x);
    into->count = count;
    into->depth = depth;
    into->full_range = image->full_range;
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

// The upper 8 bits of a sample, rounded to its depth first.
static inline uint8_t stored(float value, int depth) {
    int rounded = (int)(value + 0.5f), most = (1 << depth) - 1;
    return (uint8_t)((rounded < 0 ? 0 : rounded > most ? most : rounded) >> (depth - 8));
}

// With integers, as for the most common kind of image.
static void convert_integers(const samples *from, cyuv_weights weights, int channels, uint8_t *out) {
    int r_cr = (int)lroundf(256 * weights.r_cr), g_cr = (int)lroundf(256 * weights.g_cr);
    int g_cb = (int)lroundf(256 * weights.g_cb), b_cb = (int)lroundf(256 * weights.b_cb);
    for (int i = 0; i < from->count; i++, out += channels) {
        int cb = from->u[i] - 128, cr = from->v[i] - 128;
        out[0] = cyuv_clamp(from->y[i] + ((r_cr * cr + 128) >> 8));
        out[1] = cyuv_clamp(from->y[i] + ((g_cb * cb + g_cr * cr + 128) >> 8));
        out[2] = cyuv_clamp(from->y[i] + ((b_cb * cb + 128) >> 8));
    }
}

static void convert(const samples *from, cyuv_weights weights, int channels, uint8_t *out) {
    int depth = from->depth, middle = 1 << (depth - 1);
    float black = (float)(16 << (depth - 8));
    for (int i = 0; i < from->count; i++, out += channels) {
        float y = (float)from->y[i], cb = (float)(from->u[i] - middle), cr = (float)(from->v[i] - middle);
        if (!from->full_range) {
            y = (y - black) * 1.1689f;
            cb = cb * 1.1429f;
            cr = cr * 1.1429f;
        }
        out[0] = stored(y + weights.r_cr * cr, depth);
        out[1] = stored(y + weights.g_cb * cb + weights.g_cr * cr, depth);
        out[2] = stored(y + weights.b_cb * cb, depth);
    }
}

static void reorder(const samples *from, int channels, uint8_t *out) {
    int depth = from->depth;
    float black = from->full_range ? 0 : (float)(16 << (depth - 8));
    float luma = from->full_range ? 1 : 1.1689f, chroma = from->full_range ? 1 : 1.1429f;
    for (int i = 0; i < from->count; i++, out += channels) {
        out[0] = stored(((float)from->v[i] - black) * chroma, depth);
        out[1] = stored(((float)from->y[i] - black) * luma, depth);
        out[2] = stored(((float)from->u[i] - black) * chroma, depth);
    }
}

static void convert_ycgco(const samples *from, int channels, uint8_t *out) {
    int middle = 1 << (from->depth - 1), lost = from->depth - 8, most = (1 << from->depth) - 1;
    for (int i = 0; i < from->count; i++, out += channels) {
        int y = from->y[i], cg = from->u[i] - middle, co = from->v[i] - middle;
        int rgb[] = {y - cg + co, y + cg, y - cg - co};
        for (int c = 0; c < 3; c++) out[c] = (uint8_t)((rgb[c] < 0 ? 0 : rgb[c] > most ? most : rgb[c]) >> lost);
    }
}

static void repeat(const samples *from, int channels, uint8_t *out) {
    for (int i = 0; i < from->count; i++, out += channels) out[0] = out[1] = out[2] = (uint8_t)from->y[i];
}

void cyuv_convert_as_libheif(const cyuv_image *image, cyuv_model model, cyuv_weights weights, uint8_t *pixels) {
    bool is_gray = !image->u || !image->v, is_matrix = model == CYUV_MATRIX;
    bool has_integers = is_matrix && image->shift_x && image->shift_y && image->full_range;
    int channels = image->a ? 4 : 3, lost = image->a_depth - 8;
    int depth = is_gray || has_integers ? 8 : image->depth;
    samples block;
    for (uint32_t y = 0; y < image->height; y++) {
        for (uint32_t x = 0; x < image->width; x += BLOCK) {
            load(image, x, y, depth, &block);
            if (is_gray) repeat(&block, channels, pixels);
            else if (model == CYUV_IDENTITY) reorder(&block, channels, pixels);
            else if (model == CYUV_YCGCO) convert_ycgco(&block, channels, pixels);
            else if (has_integers) convert_integers(&block, weights, channels, pixels);
            else convert(&block, weights, channels, pixels);
            if (image->a) {
                const void *alpha = cyuv_row((const void *)image->a, image->a_stride, y);
                for (int i = 0; i < block.count; i++) {
                    pixels[4 * i + 3] = (uint8_t)(cyuv_sample(alpha, x + i, image->a_depth) >> lost);
                }
            }
            pixels += channels * block.count;
        }
    }
}
