#include "cjpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

static const JOCTET END_OF_IMAGE[] = {0xFF, JPEG_EOI};

typedef struct decoding {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr source;
    struct jpeg_progress_mgr progress;
    jmp_buf on_error;
    int ends_early;
    cjpeg_report *report;
} decoding;

static decoding *state_of(j_common_ptr jpeg) {
    return jpeg->client_data;
}

static void keep_message(j_common_ptr jpeg) {
    char text[JMSG_LENGTH_MAX];
    jpeg->err->format_message(jpeg, text);
    snprintf(state_of(jpeg)->report->message, sizeof(state_of(jpeg)->report->message), "%s", text);
}

static void on_error(j_common_ptr jpeg) {
    keep_message(jpeg);
    longjmp(state_of(jpeg)->on_error, 1);
}

// Whether a warning says that pixels may be wrong.
static int is_about_image_data(int code) {
    switch (code) {
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
        return 1;
    default:
        return 0;
    }
}

static void on_message(j_common_ptr jpeg, int level) {
    if (level < 0 && state_of(jpeg)->report->message[0] == 0 && is_about_image_data(jpeg->err->msg_code)) {
        keep_message(jpeg);
    }
}

static void do_nothing(j_decompress_ptr jpeg) {
    (void)jpeg;
}

// Called at the end of the data. FALSE makes libjpeg return, as in Pillow.
static boolean on_end_of_data(j_decompress_ptr jpeg) {
    if (!state_of((j_common_ptr)jpeg)->ends_early) {
        return FALSE;
    }
    jpeg->src->next_input_byte = END_OF_IMAGE;
    jpeg->src->bytes_in_buffer = sizeof(END_OF_IMAGE);
    return TRUE;
}

static void skip_bytes(j_decompress_ptr jpeg, long count) {
    if (count <= 0) {
        return;
    }
    size_t left = jpeg->src->bytes_in_buffer;
    size_t skipped = (size_t)count < left ? (size_t)count : left;
    jpeg->src->next_input_byte += skipped;
    jpeg->src->bytes_in_buffer -= skipped;
}

static void on_progress(j_common_ptr jpeg) {
    if (((j_decompress_ptr)jpeg)->input_scan_number > CJPEG_MAXIMUM_SCANS) {
        snprintf(
            state_of(jpeg)->report->message,
            sizeof(state_of(jpeg)->report->message),
            "it has more than %d scans",
            CJPEG_MAXIMUM_SCANS
        );
        longjmp(state_of(jpeg)->on_error, 1);
    }
}

static cjpeg_status refuse_size(decoding *state) {
    snprintf(
        state->report->message,
        sizeof(state->report->message),
        "libjpeg finds %u x %u pixels with %d channels",
        state->jpeg.image_width,
        state->jpeg.image_height,
        state->jpeg.num_components
    );
    return CJPEG_DAMAGED;
}

// All calls that may jump to the caller's setjmp.
static cjpeg_status decode(decoding *state, unsigned width, unsigned height, int channels, uint8_t *pixels) {
    j_decompress_ptr jpeg = &state->jpeg;
    int header;
    do {
        header = jpeg_read_header(jpeg, FALSE);
    } while (header == JPEG_HEADER_TABLES_ONLY);
    if (header == JPEG_SUSPENDED) {
        return CJPEG_TRUNCATED;
    }
    if (jpeg->image_width != width || jpeg->image_height != height || jpeg->num_components != channels) {
        return refuse_size(state);
    }
    jpeg->out_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
    if (!jpeg_start_decompress(jpeg)) {
        return CJPEG_TRUNCATED;
    }
    size_t row_bytes = (size_t)width * (size_t)channels;
    while (jpeg->output_scanline < height) {
        // libjpeg gives at most this many rows at a time.
        JSAMPROW rows[MAX_SAMP_FACTOR];
        unsigned wanted = height - jpeg->output_scanline;
        for (unsigned index = 0; index < MAX_SAMP_FACTOR && index < wanted; index++) {
            rows[index] = pixels + (jpeg->output_scanline + index) * row_bytes;
        }
        if (jpeg_read_scanlines(jpeg, rows, wanted < MAX_SAMP_FACTOR ? wanted : MAX_SAMP_FACTOR) == 0) {
            return CJPEG_TRUNCATED;
        }
    }
    state->report->has_end = jpeg_finish_decompress(jpeg);
    return CJPEG_OK;
}

cjpeg_status cjpeg_decode(
    const uint8_t *data,
    size_t size,
    unsigned width,
    unsigned height,
    int channels,
    int ends_early,
    uint8_t *pixels,
    cjpeg_report *report
) {
    memset(report, 0, sizeof(*report));
    decoding state = {.ends_early = ends_early, .report = report};
    state.jpeg.err = jpeg_std_error(&state.errors);
    state.errors.error_exit = on_error;
    state.errors.emit_message = on_message;
    state.jpeg.client_data = &state;
    if (setjmp(state.on_error)) {
        jpeg_destroy_decompress(&state.jpeg);
        return CJPEG_DAMAGED;
    }
    jpeg_create_decompress(&state.jpeg);
    state.progress.progress_monitor = on_progress;
    state.jpeg.progress = &state.progress;
    state.source.next_input_byte = data;
    state.source.bytes_in_buffer = size;
    state.source.init_source = do_nothing;
    state.source.fill_input_buffer = on_end_of_data;
    state.source.skip_input_data = skip_bytes;
    state.source.resync_to_restart = jpeg_resync_to_restart;
    state.source.term_source = do_nothing;
    state.jpeg.src = &state.source;
    cjpeg_status status = decode(&state, width, height, channels, pixels);
    jpeg_destroy_decompress(&state.jpeg);
    return status;
}
