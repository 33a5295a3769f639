#include "cpng.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

typedef struct decoding {
    const uint8_t *data;
    size_t left;
    size_t *rows;
    int truncated;
    char *message;
    size_t message_size;
} decoding;

static void on_error(png_structp png, png_const_charp text) {
    decoding *state = png_get_error_ptr(png);
    snprintf(state->message, state->message_size, "%s", text);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static int is_image_data_header(png_structp png, png_const_bytep bytes, size_t count) {
    return (png_get_io_state(png) & PNG_IO_MASK_LOC) == PNG_IO_CHUNK_HDR && count == 8
        && memcmp(bytes + 4, "IDAT", 4) == 0;
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
    decoding *state = png_get_io_ptr(png);
    if (count > state->left) {
        state->truncated = 1;
        png_error(png, "unexpected end of data");
    }
    memcpy(target, state->data, count);
    state->data += count;
    state->left -= count;
    if (is_image_data_header(png, target, count) && png_get_uint_32(target) > state->left) {
        // libpng requests the contents of a chunk in large pieces; this gives it the last piece of a truncated file.
        png_save_uint_32(target, (png_uint_32)state->left);
    }
}

// Requests from libpng the layout described in cpng.h.
static void choose_layout(png_structp png, png_infop info) {
    png_byte color = png_get_color_type(png, info);
    png_byte depth = png_get_bit_depth(png, info);
    if (color == PNG_COLOR_TYPE_PALETTE) {
        png_set_packing(png);
    } else if (color == PNG_COLOR_TYPE_GRAY) {
        if (depth < 8) {
            png_set_expand_gray_1_2_4_to_8(png);
        } else if (depth == 16) {
            png_set_swap(png);
        }
    } else if (depth == 16) {
        png_set_strip_16(png);
        if (color == PNG_COLOR_TYPE_GRAY_ALPHA) {
            png_set_gray_to_rgb(png);
        }
    }
}

static void copy_palette(png_structp png, png_infop info, uint8_t *palette, size_t palette_size) {
    png_colorp entries;
    int count;
    // A truecolour image may have a suggested palette, which its pixels do not use.
    if (palette == NULL || png_get_color_type(png, info) != PNG_COLOR_TYPE_PALETTE
        || !png_get_PLTE(png, info, &entries, &count)) {
        return;
    }
    if (count < 0 || (size_t)count > palette_size / 3) {
        png_error(png, "the palette has more entries than were asked for");
    }
    for (int index = 0; index < count; index++) {
        palette[3 * index] = entries[index].red;
        palette[3 * index + 1] = entries[index].green;
        palette[3 * index + 2] = entries[index].blue;
    }
}

// All calls that may jump to the caller's setjmp.
static void decode(
    png_structp png,
    png_infop info,
    uint8_t *pixels,
    size_t pixels_size,
    uint8_t *palette,
    size_t palette_size
) {
    // The caller has its own limits and does not need libpng's default of a million columns or rows.
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    // Skips texts, profiles and the like, which may decompress to thousands of times their size: all chunks except
    // IHDR, PLTE, tRNS, IDAT and IEND.
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_read_info(png, info);
    choose_layout(png, info);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    copy_palette(png, info, palette, palette_size);

    size_t row_bytes = png_get_rowbytes(png, info);
    size_t height = png_get_image_height(png, info);
    if (pixels_size % height != 0 || pixels_size / height != row_bytes) {
        png_error(png, "the pixels have another size than the header says");
    }
    for (int pass = 0; pass < passes; pass++) {
        for (size_t y = 0; y < height; y++) {
            png_read_row(png, pixels + y * row_bytes, NULL);
            ++*((decoding *)png_get_error_ptr(png))->rows;
        }
    }
}

cpng_status cpng_decode(
    const uint8_t *data,
    size_t size,
    uint8_t *pixels,
    size_t pixels_size,
    uint8_t *palette,
    size_t palette_size,
    size_t *rows,
    char *message,
    size_t message_size
) {
    *rows = 0;
    decoding state = {data, size, rows, 0, message, message_size};
    snprintf(message, message_size, "out of memory");
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &state, on_error, on_warning);
    if (png == NULL) {
        return CPNG_DAMAGED;
    }
    png_infop info = png_create_info_struct(png);
    if (info == NULL || setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return state.truncated ? CPNG_TRUNCATED : CPNG_DAMAGED;
    }
    png_set_read_fn(png, &state, read_bytes);
    decode(png, info, pixels, pixels_size, palette, palette_size);
    png_destroy_read_struct(&png, &info, NULL);
    return CPNG_OK;
}
