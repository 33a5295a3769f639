// Opening files for reading.
#pragma once

#include <memory>
#include <string>

#include <arrow/io/file.h>

namespace pqc {

/// Opens a regular file for reading. Throws Failure at once for anything else: a FIFO would wait for a writer, and a
/// device may have no end.
std::shared_ptr<arrow::io::ReadableFile> open_regular_file(const std::string &path);

}  // namespace pqc
