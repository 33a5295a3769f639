#include "ccodecs.h"

#include <string.h>
#include <tiffio.h>

typedef struct source {
    const uint8_t *data;
    size_t size;
    size_t position;
} source;

static tmsize_t read_bytes(thandle_t handle, void *target, tmsize_t count) {
    source *file = handle;
    size_t left = file->position < file->size ? file->size - file->position : 0;
    size_t part = (size_t)count < left ? (size_t)count : left;
    memcpy(target, file->data + file->position, part);
    file->position += part;
    return (tmsize_t)part;
}

static tmsize_t write_bytes(thandle_t handle, void *data, tmsize_t count) {
    (void)handle, (void)data, (void)count;
    return 0;
}

static toff_t seek(thandle_t handle, toff_t offset, int origin) {
    source *file = handle;
    file->position = offset + (origin == SEEK_CUR ? file->position : origin == SEEK_END ? file->size : 0);
    return file->position;
}

static int close_nothing(thandle_t handle) {
    (void)handle;
    return 0;
}

static toff_t size_of(thandle_t handle) {
    return ((source *)handle)->size;
}

static int map(thandle_t handle, void **start, toff_t *size) {
    *start = (void *)(uintptr_t)((source *)handle)->data;
    *size = ((source *)handle)->size;
    return 1;
}

static void unmap(thandle_t handle, void *start, toff_t size) {
    (void)handle, (void)start, (void)size;
}

int ccodecs_tiff(const uint8_t *data, size_t size, uint8_t *pixels) {
    source file = {data, size, 0};
    TIFF *tiff = TIFFClientOpen("image", "r", &file, read_bytes, write_bytes, seek, close_nothing, size_of, map, unmap);
    if (tiff == NULL) {
        return 0;
    }
    uint16_t compression = 0;
    TIFFGetField(tiff, TIFFTAG_COMPRESSION, &compression);
    if (compression == COMPRESSION_JPEG) {
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    }
    int succeeds = 1;
    for (uint32_t strip = 0; succeeds && strip < TIFFNumberOfStrips(tiff); strip++) {
        tmsize_t count = TIFFReadEncodedStrip(tiff, strip, pixels, -1);
        succeeds = count > 0;
        pixels += count;
    }
    TIFFClose(tiff);
    return succeeds;
}
