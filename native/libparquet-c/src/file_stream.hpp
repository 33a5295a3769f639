// Streams of record batches for the caller.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include <arrow/record_batch.h>
#include <arrow/util/io_util.h>

#include "libparquet-c.h"
#include "status.hpp"

namespace pqc {

/// Passes on another reader's batches, keeps the reader's source alive, and names the file in every error.
class FileStream final : public arrow::RecordBatchReader {
public:
    /// - `row_count`: the number of rows of all batches, if it is known: Arrow skips pages of an unknown type, so that a
    ///   damaged file would end early.
    FileStream(std::string path, std::shared_ptr<void> file, std::shared_ptr<arrow::RecordBatchReader> rows,
               std::optional<int64_t> row_count = std::nullopt)
        : path(std::move(path)), file(std::move(file)), rows(std::move(rows)), rows_left(row_count) {}

    std::shared_ptr<arrow::Schema> schema() const override { return rows->schema(); }

    arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch> *batch) override {
        try {
            const arrow::Status status = rows->ReadNext(batch);
            if (status.ok()) return count(batch->get());
            // System and memory errors do not mean damage; Parquet reports many other errors as I/O errors.
            const bool is_damage = !status.IsOutOfMemory() && arrow::internal::ErrnoFromStatus(status) == 0;
            return arrow::Status(is_damage ? arrow::StatusCode::Invalid : status.code(),
                                 describe(status, {path, "read", PQC_FORMAT}));
        } catch (const std::bad_alloc &) {
            return arrow::Status::OutOfMemory(path, ": cannot read: out of memory");
        } catch (const std::exception &error) {
            return arrow::Status::Invalid(path, ": cannot read: ", error.what());
        }
    }

private:
    arrow::Status count(const arrow::RecordBatch *batch) {
        if (!rows_left) return arrow::Status::OK();
        if (batch) *rows_left -= batch->num_rows();
        if (*rows_left < 0 || (!batch && *rows_left > 0)) {
            return arrow::Status::Invalid(path, ": cannot read: it has another number of rows than its footer says");
        }
        return arrow::Status::OK();
    }

    std::string path;
    std::shared_ptr<void> file;  // outlives rows, which reads through it
    std::shared_ptr<arrow::RecordBatchReader> rows;
    std::optional<int64_t> rows_left;
};

}  // namespace pqc
