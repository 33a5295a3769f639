// PNG decoding with libpng behind one function, so that libpng's setjmp and longjmp stay in C.
#ifndef CPNG_H
#define CPNG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

typedef enum cpng_status {
    CPNG_OK = 0,
    // The data ended before the last pixel.
    CPNG_TRUNCATED = 1,
    // libpng refused the data, or the pixels do not have the expected size.
    CPNG_DAMAGED = 2,
} cpng_status;

// Decodes a PNG file in memory to rows without padding, with the same channels as Pillow:
//   grey of 1, 2, 4 bits    one byte, expanded to 0...255
//   grey of 16 bits         two bytes, little-endian
//   palette                 one byte, an index
//   grey with 16-bit alpha  red, green, blue, alpha: the high bytes
//   RGB, RGBA of 16 bits    the high bytes
//   all others              as stored
// All chunks but IHDR, IDAT and IEND are ignored, even palettes, and checksums are not verified.
//
// pixels must have exactly the size of the image, pixels_size. With largest_window, compressed data may refer further
// back than its header says. rows receives the number of rows written, counted over all passes of an interlaced image:
// after CPNG_TRUNCATED or CPNG_DAMAGED, pixels contains these rows and is otherwise unchanged. On failure, message
// receives a text terminated by zero. Nothing is kept after the call.
cpng_status cpng_decode(
    const uint8_t *data,
    size_t size,
    int largest_window,
    uint8_t *pixels,
    size_t pixels_size,
    size_t *rows,
    char *message,
    size_t message_size
);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
