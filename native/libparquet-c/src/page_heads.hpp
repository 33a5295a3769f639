// The positions of the values of a column's pages in the file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/result.h>

namespace pqc {

/// The pages of a column, as input for a parquet::PageReader. Only the first bytes of a page's data, and those
/// requested with `load`, are read: values stay in the file and are read from there when needed.
class PageHeads final : public arrow::io::InputStream {
public:
    /// The `size` bytes of `file` from `start`.
    PageHeads(std::shared_ptr<arrow::io::RandomAccessFile> file, int64_t start, int64_t size)
        : file(std::move(file)), position(start), end(start + size) {}

    /// The position in the file of the bytes that `Read` returned last.
    int64_t data_position() const { return data_start; }

    /// The checksum of the page's data according to its header, which `Peek` returned last; none if it has none.
    std::optional<uint32_t> checksum() const;

    /// Reads the first `size` bytes of those that `Read` returned last, unless they are already loaded.
    arrow::Status load(int64_t size);

    arrow::Result<std::string_view> Peek(int64_t size) override;
    /// The next bytes, of which those that were not loaded are undefined. They are valid until the next call.
    arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t size) override;
    arrow::Result<int64_t> Read(int64_t size, void *out) override;
    arrow::Result<int64_t> Tell() const override { return position; }
    arrow::Status Close() override { return arrow::Status::OK(); }
    bool closed() const override { return false; }

private:
    std::shared_ptr<arrow::io::RandomAccessFile> file;
    int64_t position;
    int64_t end;

    /// The bytes read last, and their position in the file.
    std::shared_ptr<arrow::Buffer> window;
    int64_t window_start = 0;
    /// The position in the file of the bytes that `Peek` returned last.
    int64_t head_start = 0;

    std::unique_ptr<arrow::Buffer> data;
    int64_t data_start = 0;
    int64_t loaded = 0;
};

}  // namespace pqc
