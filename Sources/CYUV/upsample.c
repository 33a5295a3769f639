#include "samples.h"

static inline void store(void *plane, size_t index, int depth, int value) {
    if (depth > 8) ((uint16_t *)plane)[index] = (uint16_t)value;
    else ((uint8_t *)plane)[index] = (uint8_t)value;
}

// A chroma plane and one at the resolution of luma.
typedef struct pair {
    const void *source;
    void *target;
    size_t columns, width, height;
    int depth;
} pair;

static inline int from(const pair *planes, size_t row, size_t column) {
    return cyuv_sample(planes->source, row * planes->columns + column, planes->depth);
}

static inline void to(const pair *planes, size_t row, size_t column, int value) {
    store(planes->target, row * planes->width + column, planes->depth, value);
}

static void upsample_columns(const pair *planes) {
    for (size_t y = 0; y < planes->height; y++) {
        to(planes, y, 0, from(planes, y, 0));
        if (planes->width % 2 == 0) to(planes, y, planes->width - 1, from(planes, y, planes->width / 2 - 1));
        for (size_t x = 1; x + 1 < planes->width; x += 2) {
            int a = from(planes, y, x / 2), b = from(planes, y, x / 2 + 1);
            to(planes, y, x, (3 * a + b + 2) / 4);
            to(planes, y, x + 1, (a + 3 * b + 2) / 4);
        }
    }
}

// The first or last row. Its samples come from the first half of the chroma row alone, as libheif has it.
static void upsample_row(const pair *planes, size_t row, size_t y) {
    to(planes, y, 0, from(planes, row, 0));
    if (planes->width % 2 == 0) to(planes, y, planes->width - 1, from(planes, row, planes->width / 2 - 1));
    for (size_t i = 0; i < (planes->width - 1) / 2; i++) {
        int a = from(planes, row, i / 2), b = from(planes, row, i / 2 + 1);
        to(planes, y, 2 * i + 1, (3 * a + b + 2) / 4);
        to(planes, y, 2 * i + 2, (a + 3 * b + 2) / 4);
    }
}

// The first or last column, in the same manner.
static void upsample_column(const pair *planes, size_t column, size_t x) {
    for (size_t i = 0; i < (planes->height - 1) / 2; i++) {
        int a = from(planes, i / 2, column), b = from(planes, i / 2 + 1, column);
        to(planes, 2 * i + 1, x, (3 * a + b + 2) / 4);
        to(planes, 2 * i + 2, x, (a + 3 * b + 2) / 4);
    }
}

static void upsample_both(const pair *planes) {
    upsample_row(planes, 0, 0);
    if (planes->height % 2 == 0) upsample_row(planes, planes->height / 2 - 1, planes->height - 1);
    upsample_column(planes, 0, 0);
    if (planes->width % 2 == 0) upsample_column(planes, planes->width / 2 - 1, planes->width - 1);
    for (size_t y = 1; y + 1 < planes->height; y += 2) {
        for (size_t x = 1; x + 1 < planes->width; x += 2) {
            int a = from(planes, y / 2, x / 2), b = from(planes, y / 2, x / 2 + 1);
            int c = from(planes, y / 2 + 1, x / 2), d = from(planes, y / 2 + 1, x / 2 + 1);
            to(planes, y, x, (9 * a + 3 * b + 3 * c + d + 8) / 16);
            to(planes, y, x + 1, (3 * a + 9 * b + c + 3 * d + 8) / 16);
            to(planes, y + 1, x, (3 * a + b + 9 * c + 3 * d + 8) / 16);
            to(planes, y + 1, x + 1, (a + 3 * b + 3 * c + 9 * d + 8) / 16);
        }
    }
}

void cyuv_upsample_as_libheif(const void *source, const cyuv_image *image, void *target) {
    pair planes = {source, target, (image->width + image->shift_x) >> image->shift_x, image->width, image->height,
                   image->depth};
    if (image->shift_y) upsample_both(&planes);
    else upsample_columns(&planes);
}
