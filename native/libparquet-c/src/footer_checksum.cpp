#include "footer_checksum.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include <arrow/buffer.h>
#include <arrow/util/endian.h>

#include "crc32.hpp"
#include "status.hpp"

namespace pqc {
namespace {

constexpr std::string_view mark = "OCLPfoot";
/// The mark, and the checksum of the footer, its size and the magic number as a little-endian number.
constexpr int64_t block_size = mark.size() + sizeof(uint32_t);
/// The size of the footer as a little-endian number, and the magic number "PAR1".
constexpr int64_t tail_size = 8;

uint32_t number(const char *bytes) {
    uint32_t value;
    std::memcpy(&value, bytes, sizeof value);
    return arrow::bit_util::FromLittleEndian(value);
}

uint32_t checksum(std::string_view bytes) {
    return crc32(0, reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size());
}

/// The size of the footer with all that follows, if these bytes are the end of a Parquet file.
std::optional<int64_t> footer_size(std::string_view end) {
    if (end.size() < tail_size || end.substr(end.size() - 4) != "PAR1") return std::nullopt;
    return int64_t{number(end.data() + end.size() - tail_size)} + tail_size;
}

}  // namespace

std::string with_footer_checksum(std::string_view end, const std::string &path) {
    const std::optional<int64_t> size = footer_size(end);
    if (!size || *size > static_cast<int64_t>(end.size())) {
        throw Failure(PQC_INTERNAL, path + ": cannot write: Arrow has written no footer");
    }
    const size_t start = end.size() - static_cast<size_t>(*size);
    const uint32_t sum = arrow::bit_util::ToLittleEndian(checksum(end.substr(start)));
    std::string bytes(end.substr(0, start));
    bytes.append(mark);
    bytes.append(reinterpret_cast<const char *>(&sum), sizeof sum);
    bytes.append(end.substr(start));
    return bytes;
}

void require_footer_checksum(arrow::io::RandomAccessFile &file, const std::string &path) {
    const Action action{path, "read", PQC_IO};
    const int64_t file_size = check(file.GetSize(), action);
    const auto bytes_at = [&](int64_t start, int64_t size) { return check(file.ReadAt(start, size), action); };
    if (file_size < tail_size) return;
    const auto tail = bytes_at(file_size - tail_size, tail_size);
    const std::optional<int64_t> size = footer_size(std::string_view(*tail));
    if (!size || *size > file_size - block_size) return;
    // The footer may have any size that the file claims: it is read only if it has a checksum.
    const auto block = bytes_at(file_size - *size - block_size, block_size);
    const std::string_view sum(*block);
    if (sum.size() != static_cast<size_t>(block_size) || sum.substr(0, mark.size()) != mark) return;
    const auto footer = bytes_at(file_size - *size, *size);
    if (checksum(std::string_view(*footer)) != number(sum.data() + mark.size())) {
        throw Failure(PQC_FORMAT, path + ": cannot read as Parquet: its footer is damaged: its checksum differs");
    }
}

}  // namespace pqc
