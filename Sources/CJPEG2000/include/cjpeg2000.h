// JPEG 2000 decoding with OpenJPEG, tile by tile, behind one function.
#ifndef CJPEG2000_H
#define CJPEG2000_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

typedef enum cjpeg2000_status {
    CJPEG2000_OK = 0,
    // OpenJPEG refused the data, or the pixels do not have the expected size.
    CJPEG2000_DAMAGED = 1,
    // The data ended before the last tile.
    CJPEG2000_TRUNCATED = 2,
} cjpeg2000_status;

// Decodes a file in memory to rows without padding.
//
// Each pixel has components samples of sample_bytes bytes: 1, or 2 in little-endian order. Samples of another depth are
// shifted to that of the result and signed ones are offset, as in Pillow. Samples of subsampled components are repeated.
// Neither palettes nor conversions between colour spaces are applied. The file must have width × height pixels of that
// many components, or the result is CJPEG2000_DAMAGED. is_codestream tells a raw codestream from a JP2 file. On failure,
// message receives a text terminated by zero, has_tiles says whether at least one tile was decoded, and the pixels of all
// others are as before. Nothing is kept after the call.
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
);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
