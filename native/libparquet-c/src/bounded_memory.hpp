// Memory for reading a Parquet file, in proportion to the file.
#pragma once

#include <cstdint>

#include <arrow/memory_pool.h>

namespace pqc {

/// Memory of which a file of this size gets at most 64 MiB at once, or 1,024 times its size, rounded up to a power of two.
///
/// Arrow takes what the head of a page claims before it reads the page. The memory exists as long as the process, because
/// rows outlive their reader.
arrow::MemoryPool *bounded_memory(int64_t file_size);

}  // namespace pqc
