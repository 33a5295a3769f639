// Plain streams of batches that the caller has, such as the rows of a database.
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>

#include "libparquet-c.h"
#include "plain.hpp"
#include "status.hpp"

namespace pqc {
namespace {

/// Passes on another reader's batches, and names it in every error, none of which means a damaged file.
class NamedStream final : public arrow::RecordBatchReader {
public:
    NamedStream(std::string name, std::shared_ptr<arrow::RecordBatchReader> rows)
        : name(std::move(name)), rows(std::move(rows)) {}

    std::shared_ptr<arrow::Schema> schema() const override { return rows->schema(); }

    arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch> *batch) override {
        try {
            const arrow::Status status = rows->ReadNext(batch);
            if (status.ok() || status.IsOutOfMemory()) return status;
            return arrow::Status::IOError(name, ": cannot read: ", status.message());
        } catch (const std::exception &error) {
            return arrow::Status::IOError(name, ": cannot read: ", error.what());
        }
    }

private:
    const std::string name;
    const std::shared_ptr<arrow::RecordBatchReader> rows;
};

}  // namespace
}  // namespace pqc

pqc_status pqc_plain_stream(const char *name, ArrowArrayStream *source, const char *const *columns,
                            size_t column_count, ArrowArrayStream *stream, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(name, "name");
        pqc::require(source, "source");
        const std::string path = name;
        const pqc::Action action{path, "read", PQC_IO};
        std::shared_ptr<arrow::RecordBatchReader> rows = pqc::check(arrow::ImportRecordBatchReader(source), action);
        pqc::require(stream, "stream");
        if (column_count > 0) pqc::require(columns, "columns");
        auto plain = pqc::find_plain_columns(*rows->schema(), path, columns, column_count);
        std::vector<int> positions;
        for (const pqc::PlainColumn &column : plain) positions.push_back(column.field);
        rows = pqc::make_plain(std::move(rows), std::move(plain), std::move(positions));
        pqc::check(arrow::ExportRecordBatchReader(std::make_shared<pqc::NamedStream>(path, std::move(rows)), stream),
                   action);
    });
}
