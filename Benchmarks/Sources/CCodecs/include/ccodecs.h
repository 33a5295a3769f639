// Image decoding with plain calls of the codec libraries, as their documentation shows it: what reading an image costs at
// least. Only for measurements, of files known to be undamaged.
#ifndef CCODECS_H
#define CCODECS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Decodes a file to rows of RGB without padding, and returns whether that succeeded. pixels must have room for them.
typedef int ccodecs_decoder(const uint8_t *data, size_t size, uint8_t *pixels);
typedef ccodecs_decoder *ccodecs_decoder_function;

ccodecs_decoder ccodecs_jpeg;
ccodecs_decoder ccodecs_png;
ccodecs_decoder ccodecs_webp;
ccodecs_decoder ccodecs_tiff;
ccodecs_decoder ccodecs_jpeg2000;
// Only the luma and chroma planes, without a conversion to RGB, which libde265 does not have: pixels stay as they are.
ccodecs_decoder ccodecs_heic;
ccodecs_decoder ccodecs_avif;
ccodecs_decoder ccodecs_jpegxl;

#pragma clang assume_nonnull end

#endif
