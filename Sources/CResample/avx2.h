#ifndef CRESAMPLE_AVX2_H
#define CRESAMPLE_AVX2_H

#include "cresample.h"

#if defined(__x86_64__)
extern const cresample_version cresample_avx2;
#endif

#endif
