#include "tile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct source {
    const uint8_t *data;
    size_t size;
    size_t position;
} source;

typedef struct error_log {
    char *message;
    size_t size;
} error_log;

static void on_error(const char *text, void *context) {
    error_log *errors = context;
    // The first message is about the cause.
    if (errors->message[0] == 0) {
        snprintf(errors->message, errors->size, "%.*s", (int)strcspn(text, "\n"), text);
    }
}

static void ignore(const char *text, void *context) {
    (void)text;
    (void)context;
}

static OPJ_SIZE_T read_bytes(void *buffer, OPJ_SIZE_T count, void *context) {
    source *file = context;
    size_t rest = file->size - file->position;
    if (rest == 0) {
        return (OPJ_SIZE_T)-1;
    }
    size_t part = count < rest ? count : rest;
    memcpy(buffer, file->data + file->position, part);
    file->position += part;
    return part;
}

static OPJ_OFF_T skip_bytes(OPJ_OFF_T count, void *context) {
    source *file = context;
    size_t rest = file->size - file->position;
    if (count < 0 || rest == 0) {
        return -1;
    }
    size_t part = (uint64_t)count < rest ? (size_t)count : rest;
    file->position += part;
    return (OPJ_OFF_T)part;
}

static OPJ_BOOL seek(OPJ_OFF_T position, void *context) {
    source *file = context;
    if (position < 0 || (uint64_t)position > file->size) {
        return OPJ_FALSE;
    }
    file->position = (size_t)position;
    return OPJ_TRUE;
}

// Decodes tiles until there are no more. copied counts their pixels.
static bool decode_tiles(
    opj_codec_t *codec, opj_stream_t *stream, const opj_image_t *image, const target *result, uint64_t *copied
) {
    for (;;) {
        tile part;
        OPJ_BOOL continues = OPJ_FALSE;
        if (!opj_read_tile_header(
                codec, stream, &part.index, &part.data_size, &part.x0, &part.y0, &part.x1, &part.y1, &part.components,
                &continues
            )) {
            return false;
        }
        if (!continues) {
            return true;
        }
        if (part.data_size == 0 || !cjpeg2000_lies_within(&part, image)) {
            return false;
        }
        uint8_t *data = calloc(part.data_size, 1);
        bool decoded = data != NULL && opj_decode_tile_data(codec, part.index, data, part.data_size, stream);
        size_t position = 0;
        for (uint32_t channel = 0; decoded && channel < image->numcomps; channel++) {
            size_t left = part.data_size - position;
            size_t bytes = cjpeg2000_copy_component(image, &part, channel, data + position, left, result);
            decoded = bytes > 0;
            position += bytes;
        }
        free(data);
        if (!decoded) {
            return false;
        }
        *copied += (uint64_t)(part.x1 - part.x0) * (uint64_t)(part.y1 - part.y0);
    }
}

static cjpeg2000_status decode(
    opj_codec_t *codec, opj_stream_t *stream, const target *result, bool *has_tiles, error_log *errors
) {
    opj_dparameters_t parameters;
    opj_image_t *image = NULL;
    uint64_t copied = 0;
    opj_set_error_handler(codec, on_error, errors);
    opj_set_warning_handler(codec, ignore, NULL);
    opj_set_info_handler(codec, ignore, NULL);
    opj_set_default_decoder_parameters(&parameters);
    bool succeeds = opj_setup_decoder(codec, &parameters) && opj_read_header(stream, codec, &image)
        && cjpeg2000_fits(image, result) && decode_tiles(codec, stream, image, result, &copied);
    opj_image_destroy(image);
    *has_tiles = copied > 0;
    if (!succeeds) {
        return CJPEG2000_DAMAGED;
    }
    return copied < (uint64_t)result->width * result->height ? CJPEG2000_TRUNCATED : CJPEG2000_OK;
}

cjpeg2000_status cjpeg2000_decode(
    const uint8_t *data,
    size_t size,
    bool is_codestream,
    uint32_t width,
    uint32_t height,
    uint32_t components,
    uint32_t sample_bytes,
    uint8_t *pixels,
    bool *has_tiles,
    char *message,
    size_t message_size
) {
    *has_tiles = false;
    source file = {data, size, 0};
    target result = {pixels, width, height, components, sample_bytes};
    error_log errors = {message, message_size};
    cjpeg2000_status status = CJPEG2000_DAMAGED;
    message[0] = 0;
    opj_codec_t *codec = opj_create_decompress(is_codestream ? OPJ_CODEC_J2K : OPJ_CODEC_JP2);
    opj_stream_t *stream = opj_stream_create(64 << 10, OPJ_TRUE);
    if (codec != NULL && stream != NULL) {
        opj_stream_set_user_data(stream, &file, NULL);
        opj_stream_set_user_data_length(stream, size);
        opj_stream_set_read_function(stream, read_bytes);
        opj_stream_set_skip_function(stream, skip_bytes);
        opj_stream_set_seek_function(stream, seek);
        status = decode(codec, stream, &result, has_tiles, &errors);
    }
    if (status != CJPEG2000_OK && message[0] == 0) {
        snprintf(message, message_size, "its image data cannot be decoded");
    }
    if (stream != NULL) {
        opj_stream_destroy(stream);
    }
    if (codec != NULL) {
        opj_destroy_codec(codec);
    }
    return status;
}
