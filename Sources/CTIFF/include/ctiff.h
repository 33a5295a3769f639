// The first page of a TIFF file in memory, read with libtiff, whose functions with variable arguments Swift cannot call.
#ifndef CTIFF_H
#define CTIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

typedef struct ctiff_header {
    uint32_t width;
    uint32_t height;
    uint16_t compression;
    uint16_t photometric;
    uint16_t bits_per_sample;
    uint16_t samples_per_pixel;
    uint16_t sample_format;
    // 0 if the file does not say.
    uint16_t orientation;
    // The meaning of the samples after the colours, and their number, of which at most four are listed.
    uint16_t extra_count;
    uint16_t extra_samples[4];
    bool is_big_endian;
    // Bits are stored from the lowest.
    bool is_reversed;
    // Chroma has fewer columns or rows than luma.
    bool is_subsampled;
    // Each sample is stored in blocks of its own.
    bool is_planar;
    // Blocks are tiles, which need not end where the image does, or strips, which are as wide as the image.
    bool is_tiled;
    uint32_t block_width;
    uint32_t block_height;
    // The decoded size of a block and of a row of it, in bytes. 0 if it cannot be computed.
    uint64_t block_bytes;
    uint64_t row_bytes;
    // The stored size of all blocks together, each of which has at most the file's.
    uint64_t data_bytes;
} ctiff_header;

typedef struct ctiff_file ctiff_file;

// Opens a file and reads the directory of its first page.
//
// data must stay where it is until ctiff_close. No single allocation of libtiff exceeds maximum_allocation bytes.
// Returns null if libtiff refuses the file; message then receives a text terminated by
// zero. The caller closes the file.
ctiff_file *_Nullable ctiff_open(
    const uint8_t *data,
    size_t size,
    size_t maximum_allocation,
    ctiff_header *header,
    char *message,
    size_t message_size
);

void ctiff_close(ctiff_file *file);

// The colours of a palette: count triples, each the high bytes. Returns false if the file has no palette of that size.
bool ctiff_palette(ctiff_file *file, uint8_t *palette, size_t count);

// The XMP data, which belongs to the file, or null if there is none. size receives its size.
const uint8_t *_Nullable ctiff_xmp(ctiff_file *file, size_t *size);

// Decodes the block that contains the given column and row of a plane, in the byte order of this machine.
//
// Returns false if libtiff fails; ctiff_message then says why.
bool ctiff_read_block(ctiff_file *file, uint32_t x, uint32_t y, uint16_t plane, uint8_t *target, size_t size);

// Decodes rows to four bytes per pixel, red first, and converts them to RGB by the rules of libtiff.
bool ctiff_read_rgba(ctiff_file *file, uint32_t row, uint32_t rows, uint8_t *target, size_t size);

// libtiff's first error, or an empty text.
const char *ctiff_message(const ctiff_file *file);

// libtiff's first error or warning about blocks that were read, or an empty text.
const char *ctiff_damage(const ctiff_file *file);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
