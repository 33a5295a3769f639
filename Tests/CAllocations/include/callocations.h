// Records the large allocations of one thread, and counts those of one size that all threads make, by standing in for
// malloc and its kin: with glibc, and unless a sanitizer does so.
#ifndef CALLOCATIONS_H
#define CALLOCATIONS_H

#include <stdbool.h>
#include <stddef.h>

#pragma clang assume_nonnull begin

typedef struct callocations_record {
    size_t size;
    // File name of the library or program that called; empty where it is not known.
    char caller[128];
} callocations_record;

// Whether allocations are seen at all.
bool callocations_are_seen(void);

// Starts to record the allocations of at least min_size bytes that the calling thread makes.
void callocations_start(size_t min_size);

// Stops recording. Returns how many there were, and copies up to capacity of them to records.
size_t callocations_stop(callocations_record *records, size_t capacity);

// Starts to count the allocations of min_size to max_size bytes that all threads make.
void callocations_watch(size_t min_size, size_t max_size);

// Stops counting. Returns how many there were.
size_t callocations_stop_watching(void);

// Starts to follow how much memory the calling thread holds of what it takes from now on.
void callocations_start_peak(void);

// Stops. Returns the most that it held, in bytes.
size_t callocations_stop_peak(void);

#pragma clang assume_nonnull end

#endif
