#include "cnearest.h"

#include <math.h>
#include <string.h>

// +1 or -1, by a multiplicative hash (Knuth) of the column: any fixed choice that looks random will do.
static float sign(size_t column) {
    return ((uint32_t)(column + 1) * 2654435761u) >> 31 ? -1 : 1;
}

// The Walsh-Hadamard transform of a power of two of values, scaled so that lengths stay.
static void transform(float *values, size_t count) {
    for (size_t half = 1; half < count; half *= 2) {
        for (size_t start = 0; start < count; start += 2 * half) {
            for (size_t place = start; place < start + half; place++) {
                float first = values[place], second = values[place + half];
                values[place] = first + second;
                values[place + half] = first - second;
            }
        }
    }
    float scale = 1 / sqrtf((float)count);
    for (size_t place = 0; place < count; place++) {
        values[place] *= scale;
    }
}

// A rotation that spreads a vector's large values over all columns. Rounding errors follow the largest value, so they shrink;
// inner products of two rotated vectors are those of the vectors.
static void rotate(float *values, size_t dimension) {
    if (dimension == 0) return;
    size_t power = 1;
    while (power * 2 <= dimension) power *= 2;
    for (size_t column = 0; column < dimension; column++) {
        values[column] *= sign(column);
    }
    transform(values, power);
    if (power < dimension) transform(values + dimension - power, power);
}

void cnearest_encode(
    const float *vectors,
    size_t count,
    size_t dimension,
    const float *centre,
    float *rotated,
    int largest_code,
    size_t stride,
    int8_t *codes,
    float *scales,
    float *lengths,
    float *errors
) {
    for (size_t row = 0; row < count; row++) {
        float largest = 0, length = 0, error = 0;
        for (size_t column = 0; column < dimension; column++) {
            rotated[column] = vectors[row * dimension + column] - centre[column];
        }
        rotate(rotated, dimension);
        for (size_t column = 0; column < dimension; column++) {
            largest = fmaxf(largest, fabsf(rotated[column]));
        }
        float scale = largest > 0 ? largest / (float)largest_code : 1;
        int8_t *code = codes + row * stride;
        memset(code, 0, stride);
        for (size_t column = 0; column < dimension; column++) {
            float rounded = rintf(rotated[column] / scale);
            float rest = rotated[column] - scale * rounded;
            code[column] = (int8_t)rounded;
            length += rounded * rounded;
            error += rest * rest;
        }
        scales[row] = scale;
        lengths[row] = scale * sqrtf(length);
        errors[row] = sqrtf(error);
    }
}

void cnearest_arrange(const int8_t *codes, size_t count, size_t stride, int8_t *panels) {
    size_t padded = (count + CNEAREST_PANEL - 1) / CNEAREST_PANEL * CNEAREST_PANEL;
    for (size_t row = 0; row < padded; row++) {
        int8_t *panel = panels + row / CNEAREST_PANEL * CNEAREST_PANEL * stride;
        for (size_t column = 0; column < stride; column += 4) {
            int8_t *place = panel + column * CNEAREST_PANEL + row % CNEAREST_PANEL * 4;
            if (row < count) {
                memcpy(place, codes + row * stride + column, 4);
            } else {
                memset(place, 0, 4);
            }
        }
    }
}
