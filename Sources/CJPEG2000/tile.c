#include "tile.h"

#include <string.h>

#define MAXIMUM_COMPONENTS 4

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

size_t cjpeg2000_copy_component(
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

bool cjpeg2000_fits(const opj_image_t *image, const target *result) {
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

bool cjpeg2000_lies_within(const tile *part, const opj_image_t *image) {
    return part->components == image->numcomps && part->x0 >= 0 && part->y0 >= 0 && part->x0 < part->x1
        && part->y0 < part->y1 && (uint32_t)part->x0 >= image->x0 && (uint32_t)part->y0 >= image->y0
        && (uint32_t)part->x1 <= image->x1 && (uint32_t)part->y1 <= image->y1;
}
