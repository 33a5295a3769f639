#include "samples.h"

// Luma and chroma between 0 and 1, and -0.5 and 0.5.
typedef struct scale {
    float y_bias, y_range, uv_bias, uv_range;
    int most;
} scale;

static scale scale_of(const cyuv_image *image, cyuv_model model) {
    int shift = image->depth - 8, most = (1 << image->depth) - 1;
    scale s = {0, (float)most, (float)(1 << (image->depth - 1)), (float)most, most};
    if (!image->full_range) {
        s.y_bias = (float)(16 << shift);
        s.y_range = (float)(219 << shift);
        s.uv_range = (float)(224 << shift);
    }
    if (model == CYUV_IDENTITY) {
        s.uv_bias = s.y_bias;
        s.uv_range = s.y_range;
    }
    return s;
}

static inline float chroma(const void *row, size_t column, const cyuv_image *image, const scale *s) {
    int value = cyuv_sample(row, column, image->depth);
    return ((float)(value > s->most ? s->most : value) - s->uv_bias) / s->uv_range;
}

static float interpolated(const void *plane, uint32_t x, uint32_t y, const cyuv_image *image, const scale *s) {
    size_t column = x >> image->shift_x, row = y >> image->shift_y;
    const void *near = cyuv_row(plane, image->uv_stride, row);
    if (!image->shift_x) return chroma(near, column, image, s);
    size_t beside = column, next = row;
    if (x > 0 && !(x == image->width - 1 && x % 2)) beside = x % 2 ? column + 1 : column - 1;
    if (image->shift_y && y > 0 && !(y == image->height - 1 && y % 2)) next = y % 2 ? row + 1 : row - 1;
    const void *far = cyuv_row(plane, image->uv_stride, next);
    return chroma(near, column, image, s) * (9.0f / 16.0f) + chroma(near, beside, image, s) * (3.0f / 16.0f)
        + chroma(far, column, image, s) * (3.0f / 16.0f) + chroma(far, beside, image, s) * (1.0f / 16.0f);
}

static inline uint8_t stored(float value) {
    float clamped = value < 0.0f ? 0.0f : value > 1.0f ? 1.0f : value;
    return (uint8_t)(0.5f + clamped * 255.0f);
}

void cyuv_convert_as_libavif(const cyuv_image *image, cyuv_model model, float kr, float kb, uint8_t *pixels) {
    scale s = scale_of(image, model);
    float kg = 1.0f - kr - kb;
    int channels = image->a ? 4 : image->u ? 3 : 1;
    for (uint32_t y = 0; y < image->height; y++) {
        const void *luma = cyuv_row(image->y, image->y_stride, y);
        for (uint32_t x = 0; x < image->width; x++, pixels += channels) {
            int sample = cyuv_sample(luma, x, image->depth);
            float l = ((float)(sample > s.most ? s.most : sample) - s.y_bias) / s.y_range;
            float r = l, g = l, b = l;
            if (image->u && image->v) {
                float cb = interpolated((const void *)image->u, x, y, image, &s);
                float cr = interpolated((const void *)image->v, x, y, image, &s);
                switch (model) {
                case CYUV_IDENTITY:
                    r = cr;
                    b = cb;
                    break;
                case CYUV_YCGCO:
                    g = l + cb;
                    b = l - cb - cr;
                    r = l - cb + cr;
                    break;
                case CYUV_MATRIX:
                    r = l + (2 * (1 - kr)) * cr;
                    b = l + (2 * (1 - kb)) * cb;
                    g = l - ((2 * ((kr * (1 - kr) * cr) + (kb * (1 - kb) * cb))) / kg);
                    break;
                }
            }
            pixels[0] = stored(r);
            if (channels == 1) continue;
            pixels[1] = stored(g);
            pixels[2] = stored(b);
            if (!image->a) continue;
            const void *row = cyuv_row((const void *)image->a, image->a_stride, y);
            pixels[3] = stored((float)cyuv_sample(row, x, image->a_depth) / (float)((1 << image->a_depth) - 1));
        }
    }
}
