#include "cpng.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

typedef struct decoding {
    const uint8_t *data;
    size_t left;
    size_t *rows;
    // The name of the chunk being read.
    png_byte chunk[4];
    int has_palette;
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

// Shows libpng a file that it reads as Pillow does: without palettes and chunks that pixels do not depend on, which
// libpng may refuse, and with indices as grey values. Checksums are not verified, so bytes can be changed.
static void adapt(png_structp png, decoding *state, png_bytep bytes, size_t count) {
    png_uint_32 location = png_get_io_state(png) & PNG_IO_MASK_LOC;
    if (location == PNG_IO_CHUNK_HDR && count == 8) {
        memcpy(state->chunk, bytes + 4, 4);
        if (memcmp(state->chunk, "IDAT", 4) == 0) {
            if (png_get_uint_32(bytes) > state->left) {
                // libpng requests the contents of a chunk in large pieces; this gives it the last piece of a truncated
                // file.
                png_save_uint_32(bytes, (png_uint_32)state->left);
            }
        } else if (memcmp(state->chunk, "IHDR", 4) != 0 && memcmp(state->chunk, "IEND", 4) != 0) {
            memcpy(bytes + 4, "skIp", 4);
        }
    } else if (location == PNG_IO_CHUNK_DATA && count == 13 && memcmp(state->chunk, "IHDR", 4) == 0) {
        png_bytep color = bytes + 9;
        if (*color == PNG_COLOR_TYPE_PALETTE) {
            *color = PNG_COLOR_TYPE_GRAY;
            state->has_palette = 1;
        }
    }
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
    adapt(png, state, target, count);
}

// Requests from libpng the layout described in cpng.h.
static void choose_layout(png_structp png, png_infop info, int has_palette) {
    png_byte color = png_get_color_type(png, info);
    png_byte depth = png_get_bit_depth(png, info);
    if (has_palette) {
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

// Whether all rows are read. libpng goes on to the end of the compressed data within the last call for a row, and fails
// there if that is missing.
static int is_complete(png_structp png, png_infop info) {
    if (png_get_interlace_type(png, info) == PNG_INTERLACE_NONE) {
        return png_get_current_row_number(png) == png_get_image_height(png, info);
    }
    return png_get_current_pass_number(png) == PNG_INTERLACE_ADAM7_PASSES;
}

// All calls that may jump to the setjmp of decode.
static void read_image(png_structp png, png_infop info, decoding *state, uint8_t *pixels, size_t pixels_size) {
    // The caller has its own limits and does not need libpng's default of a million columns or rows.
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_crc_action(png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
    // Skips texts, profiles and the like, which may decompress to thousands of times their size.
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_read_info(png, info);
    choose_layout(png, info, state->has_palette);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);

    size_t row_bytes = png_get_rowbytes(png, info);
    size_t height = png_get_image_height(png, info);
    if (pixels_size % height != 0 || pixels_size / height != row_bytes) {
        png_error(png, "the pixels have another size than the header says");
    }
    for (int pass = 0; pass < passes; pass++) {
        for (size_t y = 0; y < height; y++) {
            png_read_row(png, pixels + y * row_bytes, NULL);
            ++*state->rows;
        }
    }
}

// A function of its own: the caller's variables, which change in between, keep their values after a longjmp to here.
static cpng_status decode(png_structp png, png_infop info, decoding *state, uint8_t *pixels, size_t pixels_size) {
    if (setjmp(png_jmpbuf(png))) {
        int has_all_rows = *state->rows > 0 && is_complete(png, info);
        return has_all_rows ? CPNG_OK : state->truncated ? CPNG_TRUNCATED : CPNG_DAMAGED;
    }
    read_image(png, info, state, pixels, pixels_size);
    return CPNG_OK;
}

cpng_status cpng_decode(
    const uint8_t *data,
    size_t size,
    int largest_window,
    uint8_t *pixels,
    size_t pixels_size,
    size_t *rows,
    char *message,
    size_t message_size
) {
    *rows = 0;
    decoding state = {
        .data = data, .left = size, .rows = rows, .message = message, .message_size = message_size
    };
    snprintf(message, message_size, "out of memory");
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &state, on_error, on_warning);
    if (png == NULL) {
        return CPNG_DAMAGED;
    }
    png_infop info = png_create_info_struct(png);
    if (info == NULL) {
        png_destroy_read_struct(&png, NULL, NULL);
        return CPNG_DAMAGED;
    }
    if (largest_window) {
        png_set_option(png, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);
    }
    png_set_read_fn(png, &state, read_bytes);
    cpng_status status = decode(png, info, &state, pixels, pixels_size);
    png_destroy_read_struct(&png, &info, NULL);
    return status;
}
