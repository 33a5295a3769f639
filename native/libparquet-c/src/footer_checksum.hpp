// A checksum of a Parquet file's footer, which the format does not provide.
//
// It stands in the bytes before the footer, where readers that do not know it never look, because they find pages by their
// positions. A program that rewrites the file does not copy it, so it never belongs to another footer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <arrow/io/interfaces.h>

namespace pqc {

/// The last bytes of a file, from its footer on, preceded by their checksum. Throws Failure if they are not the end of a
/// Parquet file.
std::string with_footer_checksum(std::string_view end, const std::string &path);

/// Throws Failure if the file's footer has a checksum that differs. Whether there is a footer is not checked.
void require_footer_checksum(arrow::io::RandomAccessFile &file, const std::string &path);

}  // namespace pqc
