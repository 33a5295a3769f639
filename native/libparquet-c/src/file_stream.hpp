// Streams of record batches for the caller.
#pragma once

#include <exception>
#include <memory>
#include <new>
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
    FileStream(std::string path, std::shared_ptr<void> file, std::shared_ptr<arrow::RecordBatchReader> rows)
        : path(std::move(path)), file(std::move(file)), rows(std::move(rows)) {}

    std::shared_ptr<arrow::Schema> schema() const override { return rows->schema(); }

    arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch> *batch) override {
        try {
            const arrow::Status status = rows->ReadNext(batch);
            if (status.ok()) return status;
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
    std::string path;
    std::shared_ptr<void> file;  // outlives rows, which reads through it
    std::shared_ptr<arrow::RecordBatchReader> rows;
};

}  // namespace pqc
