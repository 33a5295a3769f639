// Record batches {id: utf8 not null, embedding: fixed_size_list<float32>[4]} made by hand.
#ifndef EMBEDDINGS_H
#define EMBEDDINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "libparquet-c.h"

enum { dimension = 4 };

/// How many arrays made here are not yet released.
extern int live_arrays;

/// The schema. It belongs to this file, and releasing it does nothing.
struct ArrowSchema *embedding_schema(void);

/// Rows `first` to `first + count`: the id of row r is "image-" with r in six digits, component c is r + c / 8.
struct ArrowArray make_embeddings(int64_t first, int64_t count);

/// The same, but the first id is null.
struct ArrowArray make_embeddings_without_first_id(int64_t first, int64_t count);

/// Whether the two columns hold rows `first` to `first + count` of make_embeddings.
bool are_embeddings(const struct ArrowArray *ids, const struct ArrowArray *vectors, int64_t first, int64_t count);

#endif
