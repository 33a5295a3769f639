#include "ccodecs.h"

#include <avif/avif.h>
#include <jxl/decode.h>
#include <libde265/de265.h>
#include <openjpeg.h>
#include <string.h>

typedef struct source {
    const uint8_t *data;
    size_t size;
    size_t position;
} source;

static OPJ_SIZE_T read_bytes(void *target, OPJ_SIZE_T count, void *context) {
    source *file = context;
    size_t left = file->size - file->position;
    size_t part = count < left ? count : left;
    if (part == 0) {
        return (OPJ_SIZE_T)-1;
    }
    memcpy(target, file->data + file->position, part);
    file->position += part;
    return part;
}

static OPJ_OFF_T skip_bytes(OPJ_OFF_T count, void *context) {
    ((source *)context)->position += (size_t)count;
    return count;
}

static OPJ_BOOL seek(OPJ_OFF_T position, void *context) {
    ((source *)context)->position = (size_t)position;
    return OPJ_TRUE;
}

int ccodecs_jpeg2000(const uint8_t *data, size_t size, uint8_t *pixels) {
    source file = {data, size, 0};
    opj_dparameters_t parameters;
    opj_image_t *image = NULL;
    opj_set_default_decoder_parameters(&parameters);
    opj_codec_t *codec = opj_create_decompress(OPJ_CODEC_JP2);
    opj_stream_t *stream = opj_stream_create(64 << 10, OPJ_TRUE);
    opj_stream_set_user_data(stream, &file, NULL);
    opj_stream_set_user_data_length(stream, size);
    opj_stream_set_read_function(stream, read_bytes);
    opj_stream_set_skip_function(stream, skip_bytes);
    opj_stream_set_seek_function(stream, seek);
    int succeeds = opj_setup_decoder(codec, &parameters) && opj_read_header(stream, codec, &image)
        && opj_decode(codec, stream, image) && opj_end_decompress(codec, stream) && image->numcomps == 3;
    if (succeeds) {
        size_t count = (size_t)image->comps[0].w * image->comps[0].h;
        for (int channel = 0; channel < 3; channel++) {
            const OPJ_INT32 *samples = image->comps[channel].data;
            for (size_t index = 0; index < count; index++) {
                pixels[3 * index + channel] = (uint8_t)samples[index];
            }
        }
    }
    opj_image_destroy(image);
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    return succeeds;
}

static uint32_t number(const uint8_t *data, int bytes) {
    uint32_t value = 0;
    for (int index = 0; index < bytes; index++) {
        value = value << 8 | data[index];
    }
    return value;
}

// The content of the last box of a kind, wherever it is in the file; its size precedes its name.
static const uint8_t *box(const uint8_t *data, size_t size, const char *kind, size_t *box_size) {
    for (size_t position = size - 4; position >= 4; position--) {
        if (memcmp(data + position, kind, 4) == 0) {
            *box_size = number(data + position - 4, 4) - 8;
            return data + position + 4;
        }
    }
    return NULL;
}

// For files of one image whose data is all of the box mdat, as pillow-heif writes them.
int ccodecs_heic(const uint8_t *data, size_t size, uint8_t *pixels) {
    size_t setup_size = 0, units_size = 0;
    const uint8_t *setup = box(data, size, "hvcC", &setup_size), *units = box(data, size, "mdat", &units_size);
    (void)pixels;
    if (setup == NULL || units == NULL) {
        return 0;
    }
    de265_decoder_context *context = de265_new_decoder();
    const uint8_t *position = setup + 23;
    for (int array = 0; array < setup[22]; array++) {
        int count = (int)number(position + 1, 2);
        position += 3;
        for (int unit = 0; unit < count; unit++) {
            int length = (int)number(position, 2);
            de265_push_NAL(context, position + 2, length, 0, NULL);
            position += 2 + length;
        }
    }
    for (position = units; position < units + units_size;) {
        int length = (int)number(position, 4);
        de265_push_NAL(context, position + 4, length, 0, NULL);
        position += 4 + length;
    }
    de265_flush_data(context);
    int more = 1;
    const struct de265_image *image = NULL;
    while (more && image == NULL && de265_decode(context, &more) == DE265_OK) {
        image = de265_get_next_picture(context);
    }
    int succeeds = image != NULL;
    de265_free_decoder(context);
    return succeeds;
}

int ccodecs_avif(const uint8_t *data, size_t size, uint8_t *pixels) {
    avifDecoder *decoder = avifDecoderCreate();
    avifRGBImage rgb;
    decoder->maxThreads = 1;
    int succeeds = avifDecoderSetIOMemory(decoder, data, size) == AVIF_RESULT_OK
        && avifDecoderParse(decoder) == AVIF_RESULT_OK && avifDecoderNextImage(decoder) == AVIF_RESULT_OK;
    if (succeeds) {
        avifRGBImageSetDefaults(&rgb, decoder->image);
        rgb.format = AVIF_RGB_FORMAT_RGB;
        rgb.depth = 8;
        rgb.pixels = pixels;
        rgb.rowBytes = 3 * rgb.width;
        succeeds = avifImageYUVToRGB(decoder->image, &rgb) == AVIF_RESULT_OK;
    }
    avifDecoderDestroy(decoder);
    return succeeds;
}

int ccodecs_jpegxl(const uint8_t *data, size_t size, uint8_t *pixels) {
    JxlDecoder *decoder = JxlDecoderCreate(NULL);
    JxlPixelFormat format = {3, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
    size_t bytes = 0;
    int succeeds = 0;
    JxlDecoderSubscribeEvents(decoder, JXL_DEC_FULL_IMAGE);
    JxlDecoderSetInput(decoder, data, size);
    JxlDecoderCloseInput(decoder);
    for (;;) {
        JxlDecoderStatus status = JxlDecoderProcessInput(decoder);
        if (status == JXL_DEC_NEED_IMAGE_OUT_BUFFER
            && JxlDecoderImageOutBufferSize(decoder, &format, &bytes) == JXL_DEC_SUCCESS
            && JxlDecoderSetImageOutBuffer(decoder, &format, pixels, bytes) == JXL_DEC_SUCCESS) {
            continue;
        }
        succeeds = status == JXL_DEC_FULL_IMAGE;
        break;
    }
    JxlDecoderDestroy(decoder);
    return succeeds;
}
