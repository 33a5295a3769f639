#include "source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What the directory says of the size of all blocks together, each of which has at most the file's.
static uint64_t bytes_of_blocks(TIFF *tiff, uint64_t size) {
    uint64_t sum = 0;
    uint32_t count = TIFFIsTiled(tiff) ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
    for (uint32_t block = 0; block < count; block++) {
        uint64_t bytes = TIFFGetStrileByteCount(tiff, block);
        sum += bytes < size ? bytes : size;
    }
    return sum;
}

static void read_header(TIFF *tiff, uint64_t size, ctiff_header *header) {
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
    header->data_bytes = bytes_of_blocks(tiff, size);
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
    file->tiff = ctiff_open_tiff(file, maximum_allocation);
    if (file->tiff == NULL) {
        snprintf(message, message_size, "%s", file->message[0] ? file->message : "it has no complete directory");
        free(file);
        return NULL;
    }
    read_header(file->tiff, size, header);
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
