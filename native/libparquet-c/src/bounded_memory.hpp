// Memory for reading a Parquet file, in proportion to the file.
#pragma once

#include <cstdint>

#include <arrow/memory_pool.h>

namespace pqc {

/// Memory of which a file of this size gets at most 64 MiB at once for a page, or 1,024 times its size, rounded up to a power
/// of two: Arrow takes what the head of a page claims before it reads the page.
arrow::MemoryPool *page_memory(int64_t file_size);

/// The same for the values of a column in a batch of rows, with at least 256 MiB: pages store a text once that all rows have,
/// such as a licence.
///
/// The memory exists as long as the process, because rows outlive their reader.
arrow::MemoryPool *row_memory(int64_t file_size);

}  // namespace pqc
