#include "page_heads.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

namespace pqc {
namespace {

/// The fourth field of a page header in Thrift's compact protocol, if it is there. The first three are required, and all
/// four are 32-bit integers: each is a byte with the distance to the field before and the type, and a varint in zigzag
/// order (Parquet's format, `PageHeader`).
std::optional<uint32_t> header_checksum(std::string_view header) {
    constexpr uint8_t next_field_i32 = 0x15;
    uint64_t value = 0;
    size_t position = 0;
    for (int field = 1; field <= 4; ++field) {
        if (position == header.size() || static_cast<uint8_t>(header[position++]) != next_field_i32) return std::nullopt;
        value = 0;
        for (int shift = 0;; shift += 7) {
            if (position == header.size() || shift > 28) return std::nullopt;
            const uint8_t byte = static_cast<uint8_t>(header[position++]);
            value |= uint64_t{byte & 0x7fu} << shift;
            if (byte < 0x80) break;
        }
    }
    return static_cast<uint32_t>(value >> 1) ^ (0u - static_cast<uint32_t>(value & 1));
}

}  // namespace

std::optional<uint32_t> PageHeads::checksum() const {
    const int64_t offset = head_start - window_start;
    if (!window || offset < 0 || offset > window->size()) return std::nullopt;
    return header_checksum(std::string_view(*window).substr(static_cast<size_t>(offset)));
}

arrow::Status PageHeads::load(int64_t size) {
    if (size <= loaded) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(const int64_t read,
                          file->ReadAt(data_start + loaded, size - loaded, data->mutable_data() + loaded));
    if (read < size - loaded) return arrow::Status::IOError("the file ends within a page");
    loaded = size;
    return arrow::Status::OK();
}

arrow::Result<std::string_view> PageHeads::Peek(int64_t size) {
    size = std::min(size, end - position);
    head_start = position;
    int64_t offset = position - window_start;
    if (!window || offset + size > window->size()) {
        ARROW_ASSIGN_OR_RAISE(window, file->ReadAt(position, size));
        window_start = position;
        offset = 0;
    }
    return std::string_view(*window).substr(static_cast<size_t>(offset), static_cast<size_t>(size));
}

arrow::Result<std::shared_ptr<arrow::Buffer>> PageHeads::Read(int64_t size) {
    size = std::min(size, end - position);
    if (!data || data->size() < size) {
        ARROW_ASSIGN_OR_RAISE(data, arrow::AllocateBuffer(size));
    }
    data_start = position;
    position += size;
    loaded = 0;
    const int64_t offset = data_start - window_start;
    if (window && offset >= 0 && offset < window->size()) {
        loaded = std::min(size, window->size() - offset);
        std::memcpy(data->mutable_data(), window->data() + offset, static_cast<size_t>(loaded));
    }
    return std::make_shared<arrow::Buffer>(data->data(), size);
}

arrow::Result<int64_t> PageHeads::Read(int64_t size, void *out) {
    ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::Buffer> buffer, Read(size));
    ARROW_RETURN_NOT_OK(load(buffer->size()));
    std::memcpy(out, buffer->data(), static_cast<size_t>(buffer->size()));
    return buffer->size();
}

}  // namespace pqc
