#include "cjpeg2000.h"

#include <openjpeg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAXIMUM_COMPONENTS 4

typedef struct source {
    const uint8_t *data;
    size_t size;
    size_t position;
} source;

typedef struct target {
    uint8_t *pixels;
    uint32_t width;
    uint32_t height;
    uint32_t components;
    uint32_t sample_bytes;
} target;

// A tile, in the coordinates of the reference grid.
typedef struct tile {
    OPJ_UINT32 index;
    OPJ_UINT32 data_size;
    OPJ_INT32 x0, y0, x1, y1;
    OPJ_UINT32 components;
} tile;

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

static uint32_t divided_up(uint32_t value, uint32_t by) {
    return value / by + (value % by != 0);
}

// The number of bytes per sample in OpenJPEG's tile data.
static uint32_t stored_bytes(const opj_image_comp_t *component) {
    uint32_t bytes = (component->prec + 7) >> 3;
    return bytes == 3 ? 4 : bytes;
}

static uint32_t sample_at(const uint8_t *data, size_t index, uint32_t bytes) {
    uint16_t wide;
    uint32_t widest;
    switch (bytes) {
    case 1:
        return data[index];
    case 2:
        memcpy(&wide, data + 2 * index, 2);
        return wide;
    default:
        memcpy(&widest, data + 4 * index, 4);
        return widest;
    }
}

// Copies one component of a tile to its place among the pixels.
//
// Returns the number of bytes that the component has in data, or 0 if there are fewer.
static size_t copy_component(
    const opj_image_t *image, const tile *part, uint32_t channel, const uint8_t *data, size_t size, const target *result
) {
    const opj_image_comp_t *component = &image->comps[channel];
    uint32_t left = divided_up((uint32_t)part->x0, component->dx), top = divided_up((uint32_t)part->y0, component->dy);
    uint32_t columns = divided_up((uint32_t)part->x1, component->dx) - left;
    uint32_t rows = divided_up((uint32_t)part->y1, component->dy) - top;
    uint32_t bytes = stored_bytes(component);
    size_t needed = (size_t)columns * rows * bytes;
    if (needed == 0 || needed > size) {
        return 0;
    }
    int shift = (int)(8 * result->sample_bytes) - (int)component->prec;
    uint32_t offset = component->sgnd ? 1u << (component->prec - 1) : 0;
    if (shift < 0) {
        offset += 1u << (-shift - 1);
    }
    bool is_stored = bytes == 1 && shift == 0 && result->sample_bytes == 1 && component->dx == 1;
    for (uint32_t y = (uint32_t)part->y0; y < (uint32_t)part->y1; y++) {
        uint32_t row = y / component->dy < top ? 0 : y / component->dy - top;
        uint8_t *out = result->pixels
            + (((size_t)(y - image->y0) * result->width + ((uint32_t)part->x0 - image->x0)) * result->components + channel)
                * result->sample_bytes;
        if (is_stored) {
            const uint8_t *samples = data + (size_t)row * columns;
            size_t step = result->components;
#pragma clang loop unroll_count(8)
            for (size_t x = 0; x < columns; x++) {
                out[x * step] = (uint8_t)(offset + samples[x]);
            }
            continue;
        }
        for (uint32_t x = (uint32_t)part->x0; x < (uint32_t)part->x1; x++) {
            uint32_t column = x / component->dx < left ? 0 : x / component->dx - left;
            uint32_t value = offset + sample_at(data, (size_t)row * columns + column, bytes);
            value = shift < 0 ? value >> -shift : value << shift;
            out[0] = (uint8_t)value;
            if (result->sample_bytes == 2) {
                out[1] = (uint8_t)(value >> 8);
            }
            out += (size_t)result->components * result->sample_bytes;
        }
    }
    return needed;
}

static bool fits(const opj_image_t *image, const target *result) {
    if (image->numcomps != result->components || image->numcomps > MAXIMUM_COMPONENTS
        || image->x1 - image->x0 != result->width || image->y1 - image->y0 != result->height) {
        return false;
    }
    for (uint32_t channel = 0; channel < image->numcomps; channel++) {
        const opj_image_comp_t *component = &image->comps[channel];
        if (component->prec < 1 || component->prec > 31 || component->dx < 1 || component->dy < 1) {
            return false;
        }
    }
    return true;
}

static bool lies_within(const tile *part, const opj_image_t *image) {
    return part->components == image->numcomps && part->x0 >= 0 && part->y0 >= 0 && part->x0 < part->x1
        && part->y0 < part->y1 && (uint32_t)part->x0 >= image->x0 && (uint32_t)part->y0 >= image->y0
        && (uint32_t)part->x1 <= image->x1 && (uint32_t)part->y1 <= image->y1;
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
        if (part.data_size == 0 || !lies_within(&part, image)) {
            return false;
        }
        uint8_t *data = calloc(part.data_size, 1);
        bool decoded = data != NULL && opj_decode_tile_data(codec, part.index, data, part.data_size, stream);
        size_t position = 0;
        for (uint32_t channel = 0; decoded && channel < image->numcomps; channel++) {
            size_t bytes = copy_component(image, &part, channel, data + position, part.data_size - position, result);
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
        && fits(image, result) && decode_tiles(codec, stream, image, result, &copied);
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
