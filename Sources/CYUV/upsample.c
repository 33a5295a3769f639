#include "samples.h"

// The chroma sample next to the nearest one, on the other side of a pixel; the nearest itself at the image's borders.
static inline size_t beside(size_t position, size_t count, int shift) {
    size_t near = position >> shift;
    if (!shift || position == 0 || (position == count - 1 && position % 2)) return near;
    return position % 2 ? near + 1 : near - 1;
}

void cyuv_upsample_as_libheif(const void *source, const cyuv_image *image, void *target) {
    size_t columns = (image->width + image->shift_x) >> image->shift_x, bytes = image->depth > 8 ? 2 : 1;
    for (size_t y = 0; y < image->height; y++) {
        const void *near = cyuv_row(source, columns * bytes, y >> image->shift_y);
        const void *far = cyuv_row(source, columns * bytes, beside(y, image->height, image->shift_y));
        for (size_t x = 0; x < image->width; x++) {
            size_t column = x >> image->shift_x, other = beside(x, image->width, image->shift_x);
            int value = 9 * cyuv_sample(near, column, image->depth) + 3 * cyuv_sample(near, other, image->depth)
                + 3 * cyuv_sample(far, column, image->depth) + cyuv_sample(far, other, image->depth);
            size_t index = y * image->width + x;
            if (bytes == 2) ((uint16_t *)target)[index] = (uint16_t)((value + 8) / 16);
            else ((uint8_t *)target)[index] = (uint8_t)((value + 8) / 16);
        }
    }
}
