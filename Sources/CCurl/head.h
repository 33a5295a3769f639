// The head of a response, as libcurl receives it.
#ifndef CCURL_HEAD_H
#define CCURL_HEAD_H

#include "ccurl.h"

#pragma clang assume_nonnull begin

// Counts the bytes of the head, and remembers in the `ccurl_guard` that is the context what identifies a file that is
// read in parts. Returns 0 to fail if the head is too long.
size_t ccurl_read_head(char *data, size_t size, size_t count, void *context);

#pragma clang assume_nonnull end

#endif
