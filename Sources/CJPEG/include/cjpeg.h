// JPEG decoding with libjpeg behind one function, so that libjpeg's setjmp and longjmp stay in C.
#ifndef CJPEG_H
#define CJPEG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

// An image with more scans is refused: hundreds of them indicate an attack, not a photo.
#define CJPEG_MAXIMUM_SCANS 500

typedef enum cjpeg_status {
    CJPEG_OK = 0,
    // The data ended before the last row.
    CJPEG_TRUNCATED = 1,
    // libjpeg refused the data, or the image has another size than expected.
    CJPEG_DAMAGED = 2,
} cjpeg_status;

// What is known of an image besides its pixels.
typedef struct cjpeg_report {
    // Whether the end-of-image marker was found behind the last row.
    int has_end;
    // libjpeg's reason after CJPEG_DAMAGED; otherwise its first warning about corrupt data, empty if there was none.
    char message[200];
} cjpeg_report;

// Decodes a JPEG file in memory to rows without padding, as Pillow does: with the accurate integer DCT and smooth
// ("fancy") chroma upsampling, to grey, RGB or CMYK as stored (1, 3 or 4 channels).
//
// pixels must have room for width * height * channels bytes, and the header must state exactly this size. The data
// counts as truncated if it ends before the last row; the rows before are then written. With ends_early, an
// end-of-image marker is assumed behind the data instead, and libjpeg makes up what is missing. Nothing is kept after
// the call.
cjpeg_status cjpeg_decode(
    const uint8_t *data,
    size_t size,
    unsigned width,
    unsigned height,
    int channels,
    int ends_early,
    uint8_t *pixels,
    cjpeg_report *report
);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
