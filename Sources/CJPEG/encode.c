#include "cjpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

typedef struct encoding {
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    jmp_buf on_error;
    uint8_t *file;
    unsigned long size;
    int has_failed;
} encoding;

static void on_error(j_common_ptr jpeg) {
    encoding *state = jpeg->client_data;
    longjmp(state->on_error, 1);
}

// All calls that may jump to the caller's setjmp.
static void encode(encoding *state, const uint8_t *pixels, unsigned width, unsigned height, int quality) {
    j_compress_ptr jpeg = &state->jpeg;
    jpeg_create_compress(jpeg);
    jpeg_mem_dest(jpeg, &state->file, &state->size);
    jpeg->image_width = width;
    jpeg->image_height = height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg_start_compress(jpeg, TRUE);
    while (jpeg->next_scanline < height) {
        JSAMPROW row = (JSAMPROW)pixels + (size_t)jpeg->next_scanline * width * 3;
        jpeg_write_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_compress(jpeg);
}

uint8_t *cjpeg_encode(const uint8_t *pixels, unsigned width, unsigned height, int quality, size_t *size) {
    encoding state = {.file = NULL};
    state.jpeg.err = jpeg_std_error(&state.errors);
    state.errors.error_exit = on_error;
    state.jpeg.client_data = &state;
    if (setjmp(state.on_error)) {
        state.has_failed = 1;
    } else {
        encode(&state, pixels, width, height, quality);
    }
    jpeg_destroy_compress(&state.jpeg);
    if (state.has_failed) {
        // Memory ran out. libjpeg may have freed state.file already, so it is not freed again.
        return NULL;
    }
    *size = state.size;
    return state.file;
}

void cjpeg_free(uint8_t *file) {
    free(file);
}
