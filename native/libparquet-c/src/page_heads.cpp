#include "page_heads.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

namespace pqc {

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
