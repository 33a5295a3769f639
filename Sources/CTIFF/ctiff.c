#include "ctiff.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#if defined(TIFFLIB_VERSION) && TIFFLIB_VERSION >= 20221213
#define HAS_OPEN_OPTIONS 1
#endif

struct ctiff_file {
    const uint8_t *data;
    uint64_t size;
    uint64_t position;
    TIFF *tiff;
    char message[256];
    char damage[256];
    // Whether the directory has been read.
    bool is_open;
};

static tmsize_t read_bytes(thandle_t handle, void *target, tmsize_t count) {
    ctiff_file *file = handle;
    if (count <= 0 || file->position >= file->size) {
        return 0;
    }
    uint64_t rest = file->size - file->position;
    uint64_t part = (uint64_t)count < rest ? (uint64_t)count : rest;
    memcpy(target, file->data + file->position, part);
    file->position += part;
    return (tmsize_t)part;
}

static tmsize_t write_bytes(thandle_t handle, void *source, tmsize_t count) {
    (void)handle;
    (void)source;
    (void)count;
    return 0;
}

static toff_t seek(thandle_t handle, toff_t offset, int origin) {
    ctiff_file *file = handle;
    switch (origin) {
    case SEEK_SET:
        file->position = offset;
        break;
    case SEEK_CUR:
        file->position += offset;
        break;
    default:
        file->position = file->size + offset;
        break;
    }
    return file->position;
}

static int close_nothing(thandle_t handle) {
    (void)handle;
    return 0;
}

static toff_t size_of(thandle_t handle) {
    ctiff_file *file = handle;
    return file->size;
}

// The file is in memory already, so libtiff decodes from it and copies nothing.
static int map(thandle_t handle, void **base, toff_t *size) {
    ctiff_file *file = handle;
    *base = (void *)(uintptr_t)file->data;
    *size = file->size;
    return 1;
}

static void unmap(thandle_t handle, void *base, toff_t size) {
    (void)handle;
    (void)base;
    (void)size;
}

#ifdef HAS_OPEN_OPTIONS
// The first message is about the cause, and later ones are about its consequences.
static void keep_first(char *message, size_t size, const char *format, va_list arguments) {
    if (message[0] == 0) {
        vsnprintf(message, size, format, arguments);
    }
}

static int keep_message(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments) {
    ctiff_file *file = context;
    (void)tiff;
    (void)module;
    va_list copy;
    va_copy(copy, arguments);
    keep_first(file->message, sizeof(file->message), format, copy);
    va_end(copy);
    if (file->is_open) {
        keep_first(file->damage, sizeof(file->damage), format, arguments);
    }
    return 1;
}

// Warnings about the directory are ignored: what it lacks has defaults.
static int keep_warning(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments) {
    ctiff_file *file = context;
    (void)tiff;
    (void)module;
    if (file->is_open) {
        keep_first(file->damage, sizeof(file->damage), format, arguments);
    }
    return 1;
}

static TIFF *open_file(ctiff_file *file, size_t maximum_allocation) {
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (options == NULL) {
        return NULL;
    }
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)maximum_allocation);
    TIFFOpenOptionsSetErrorHandlerExtR(options, keep_message, file);
    TIFFOpenOptionsSetWarningHandlerExtR(options, keep_warning, file);
    TIFF *tiff = TIFFClientOpenExt(
        "image", "r", file, read_bytes, write_bytes, seek, close_nothing, size_of, map, unmap, options
    );
    TIFFOpenOptionsFree(options);
    return tiff;
}
#else
static TIFF *open_file(ctiff_file *file, size_t maximum_allocation) {
    (void)maximum_allocation;
    // Without handlers of their own, files would print their messages.
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
    return TIFFClientOpen("image", "r", file, read_bytes, write_bytes, seek, close_nothing, size_of, map, unmap);
}
#endif

static void read_header(TIFF *tiff, ctiff_header *header) {
    uint16_t planar = PLANARCONFIG_CONTIG;
    uint16_t fill_order = FILLORDER_MSB2LSB;
    uint16_t *extra_samples = NULL;
    uint32_t rows = 0;
    uint16_t chroma_columns = 1, chroma_rows = 1;
    memset(header, 0, sizeof(*header));
    // Files without it exist. Pillow takes 0 then, and so does libtiff for fax compressions.
    header->photometric = PHOTOMETRIC_MINISWHITE;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &header->width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &header->height);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &header->compression);
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &header->photometric);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &header->bits_per_sample);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &header->samples_per_pixel);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &header->sample_format);
    TIFFGetField(tiff, TIFFTAG_ORIENTATION, &header->orientation);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_FILLORDER, &fill_order);
    if (TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &header->extra_count, &extra_samples)) {
        for (int index = 0; index < header->extra_count && index < 4; index++) {
            header->extra_samples[index] = extra_samples[index];
        }
    }
    header->is_big_endian = TIFFIsBigEndian(tiff);
    header->is_reversed = fill_order == FILLORDER_LSB2MSB;
    header->is_planar = planar == PLANARCONFIG_SEPARATE;
    header->is_tiled = TIFFIsTiled(tiff);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_YCBCRSUBSAMPLING, &chroma_columns, &chroma_rows);
    header->is_subsampled = chroma_columns != 1 || chroma_rows != 1;
    if (header->compression == COMPRESSION_JPEG && header->photometric == PHOTOMETRIC_YCBCR && !header->is_planar) {
        // Colours are converted by libjpeg, as in Pillow. Sizes depend on this.
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    }
    if (header->is_tiled) {
        TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &header->block_width);
        TIFFGetField(tiff, TIFFTAG_TILELENGTH, &header->block_height);
        header->block_bytes = TIFFTileSize64(tiff);
        header->row_bytes = TIFFTileRowSize64(tiff);
    } else {
        header->block_width = header->width;
        TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
        header->block_height = rows < header->height ? rows : header->height;
        header->block_bytes = TIFFStripSize64(tiff);
        header->row_bytes = TIFFScanlineSize64(tiff);
    }
}

ctiff_file *ctiff_open(
    const uint8_t *data,
    size_t size,
    size_t maximum_allocation,
    ctiff_header *header,
    char *message,
    size_t message_size
) {
    snprintf(message, message_size, "out of memory");
    ctiff_file *file = calloc(1, sizeof(ctiff_file));
    if (file == NULL) {
        return NULL;
    }
    file->data = data;
    file->size = size;
    file->tiff = open_file(file, maximum_allocation);
    if (file->tiff == NULL) {
        snprintf(message, message_size, "%s", file->message[0] ? file->message : "it has no complete directory");
        free(file);
        return NULL;
    }
    read_header(file->tiff, header);
    file->is_open = true;
    return file;
}

void ctiff_close(ctiff_file *file) {
    TIFFClose(file->tiff);
    free(file);
}

bool ctiff_palette(ctiff_file *file, uint8_t *palette, size_t count) {
    uint16_t *red, *green, *blue;
    uint16_t bits = 0;
    TIFFGetFieldDefaulted(file->tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    if (bits > 8 || count != (size_t)1 << bits || !TIFFGetField(file->tiff, TIFFTAG_COLORMAP, &red, &green, &blue)) {
        return false;
    }
    for (size_t index = 0; index < count; index++) {
        palette[3 * index] = red[index] >> 8;
        palette[3 * index + 1] = green[index] >> 8;
        palette[3 * index + 2] = blue[index] >> 8;
    }
    return true;
}

const uint8_t *ctiff_xmp(ctiff_file *file, size_t *size) {
    uint32_t count = 0;
    void *data = NULL;
    if (!TIFFGetField(file->tiff, TIFFTAG_XMLPACKET, &count, &data)) {
        return NULL;
    }
    *size = count;
    return data;
}

bool ctiff_read_block(ctiff_file *file, uint32_t x, uint32_t y, uint16_t plane, uint8_t *target, size_t size) {
    if (TIFFIsTiled(file->tiff)) {
        uint32_t tile = TIFFComputeTile(file->tiff, x, y, 0, plane);
        return TIFFReadEncodedTile(file->tiff, tile, target, (tmsize_t)size) >= 0;
    }
    return TIFFReadEncodedStrip(file->tiff, TIFFComputeStrip(file->tiff, y, plane), target, (tmsize_t)size) >= 0;
}

bool ctiff_read_rgba(ctiff_file *file, uint32_t row, uint32_t rows, uint8_t *target, size_t size) {
    TIFFRGBAImage image;
    char message[1024] = "";
    bool succeeds = false;
    if (TIFFRGBAImageOK(file->tiff, message) && TIFFRGBAImageBegin(&image, file->tiff, 1, message)) {
        // Rows as stored; the caller turns the image.
        image.orientation = ORIENTATION_TOPLEFT;
        image.req_orientation = ORIENTATION_TOPLEFT;
        image.row_offset = (int)row;
        image.col_offset = 0;
        succeeds = size >= (size_t)image.width * rows * 4
            && TIFFRGBAImageGet(&image, (uint32_t *)(void *)target, image.width, rows);
        TIFFRGBAImageEnd(&image);
    }
    if (!succeeds && file->message[0] == 0) {
        snprintf(file->message, sizeof(file->message), "%s", message);
    }
    return succeeds;
}

const char *ctiff_message(const ctiff_file *file) {
    return file->message;
}

const char *ctiff_damage(const ctiff_file *file) {
    return file->damage;
}
