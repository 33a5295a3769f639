// Where the values of a column's pages are in the file.
#pragma once

#include <cstdint>
#include <memory>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/result.h>

namespace pqc {

/// The pages of a column, as a parquet::PageReader takes them. Of a page's data no more is read than the first bytes
/// and what `load` asks for: values stay in the file, to be read from their place by whoever needs them.
class PageHeads final : public arrow::io::InputStream {
public:
    /// The `size` bytes of `file` from `start` on.
    PageHeads(std::shared_ptr<arrow::io::RandomAccessFile> file, int64_t start, int64_t size)
        : file(std::move(file)), position(start), end(start + size) {}

    /// Position in the file of what `Read` gave last.
    int64_t data_position() const { return data_start; }

    /// Reads the first `size` bytes of what `Read` gave last, as far as they are not there yet.
    arrow::Status load(int64_t size);

    arrow::Result<std::string_view> Peek(int64_t size) override;
    /// The next bytes; those that were not loaded have no particular value. They are good until the next call.
    arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t size) override;
    arrow::Result<int64_t> Read(int64_t size, void *out) override;
    arrow::Result<int64_t> Tell() const override { return position; }
    arrow::Status Close() override { return arrow::Status::OK(); }
    bool closed() const override { return false; }

private:
    std::shared_ptr<arrow::io::RandomAccessFile> file;
    int64_t position;
    int64_t end;

    /// What was looked at last, and where it is in the file.
    std::shared_ptr<arrow::Buffer> window;
    int64_t window_start = 0;

    std::unique_ptr<arrow::Buffer> data;
    int64_t data_start = 0;
    int64_t loaded = 0;
};

}  // namespace pqc
