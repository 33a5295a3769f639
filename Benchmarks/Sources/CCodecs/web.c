#include "ccodecs.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>
#include <webp/decode.h>

int ccodecs_jpeg(const uint8_t *data, size_t size, uint8_t *pixels) {
    // One decompressor for all images.
    static _Thread_local tjhandle handle;
    int width, height, subsampling, colorspace;
    if (handle == NULL) {
        handle = tjInitDecompress();
    }
    return tjDecompressHeader3(handle, data, size, &width, &height, &subsampling, &colorspace) == 0
        && tjDecompress2(handle, data, size, pixels, width, 0, height, TJPF_RGB, TJFLAG_ACCURATEDCT) == 0;
}

typedef struct source {
    const uint8_t *data;
    size_t left;
} source;

static void read_bytes(png_structp png, png_bytep target, size_t count) {
    source *file = png_get_io_ptr(png);
    if (count > file->left) {
        png_error(png, "the file ends too early");
    }
    memcpy(target, file->data, count);
    file->data += count;
    file->left -= count;
}

int ccodecs_png(const uint8_t *data, size_t size, uint8_t *pixels) {
    source file = {data, size};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return 0;
    }
    png_set_read_fn(png, &file, read_bytes);
    png_read_info(png, info);
    size_t row_bytes = png_get_rowbytes(png, info);
    for (size_t y = 0; y < png_get_image_height(png, info); y++) {
        png_read_row(png, pixels + y * row_bytes, NULL);
    }
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, &info, NULL);
    return 1;
}

int ccodecs_webp(const uint8_t *data, size_t size, uint8_t *pixels) {
    int width, height;
    return WebPGetInfo(data, size, &width, &height)
        && WebPDecodeRGBInto(data, size, pixels, (size_t)width * height * 3, 3 * width) != NULL;
}
