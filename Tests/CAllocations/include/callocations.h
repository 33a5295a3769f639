// Records the large allocations of one thread, by standing in for malloc and its kin (glibc).
#ifndef CALLOCATIONS_H
#define CALLOCATIONS_H

#include <stddef.h>

#pragma clang assume_nonnull begin

typedef struct callocations_record {
    size_t size;
    // File name of the library or program that called; empty where it is not known.
    char caller[128];
} callocations_record;

// Starts to record the allocations of at least min_size bytes that the calling thread makes.
void callocations_start(size_t min_size);

// Stops recording. Returns how many there were, and copies up to capacity of them to records.
size_t callocations_stop(callocations_record *records, size_t capacity);

#pragma clang assume_nonnull end

#endif
