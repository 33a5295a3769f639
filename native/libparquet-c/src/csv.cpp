// Streams of the rows of CSV files.
#include <arrow/c/bridge.h>
#include <arrow/csv/reader.h>
#include <arrow/io/file.h>
#include <arrow/type.h>

#include "csv_input.hpp"
#include "file_stream.hpp"

namespace pqc {
namespace {

/// Also what a row may have at most.
constexpr int32_t block_bytes = 1 << 20;

/// Says in the user's words what Arrow says in its own.
class CSVReader final : public arrow::RecordBatchReader {
public:
    explicit CSVReader(std::shared_ptr<arrow::RecordBatchReader> rows) : rows(std::move(rows)) {}

    std::shared_ptr<arrow::Schema> schema() const override { return rows->schema(); }

    arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch> *batch) override {
        return explained(rows->ReadNext(batch));
    }

    static arrow::Status explained(const arrow::Status &status) {
        if (status.message().find("straddling") == std::string::npos) return status;
        return status.WithMessage("a row has more than ", block_bytes, " bytes, or a quoted value does not end");
    }

private:
    std::shared_ptr<arrow::RecordBatchReader> rows;
};

std::shared_ptr<arrow::RecordBatchReader> open_csv(const std::string &path, char delimiter,
                                                   std::vector<std::string> columns) {
    auto reading = arrow::csv::ReadOptions::Defaults();
    reading.use_threads = false;
    reading.block_size = block_bytes;
    auto parsing = arrow::csv::ParseOptions::Defaults();
    parsing.delimiter = delimiter;
    parsing.newlines_in_values = true;
    auto conversion = arrow::csv::ConvertOptions::Defaults();
    conversion.default_column_type = arrow::large_utf8();
    conversion.null_values = {""};
    conversion.strings_can_be_null = true;
    conversion.include_columns = std::move(columns);

    auto file = check(arrow::io::ReadableFile::Open(path), {path, "open", PQC_IO});
    auto input = std::make_shared<CSVInput>(std::move(file), delimiter);
    auto rows = arrow::csv::StreamingReader::Make(arrow::io::default_io_context(), input, reading, parsing, conversion);
    check(CSVReader::explained(rows.status()), {path, "read as CSV", PQC_FORMAT});
    return std::make_shared<FileStream>(path, input, std::make_shared<CSVReader>(std::move(rows).ValueUnsafe()));
}

}  // namespace
}  // namespace pqc

pqc_status pqc_csv_stream(const char *path, char delimiter, const char *const *columns, size_t column_count,
                          ArrowArrayStream *stream, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(path, "path");
        pqc::require(stream, "stream");
        if (column_count > 0) pqc::require(columns, "columns");
        for (size_t i = 0; i < column_count; ++i) pqc::require(columns[i], "the name of a column");
        const std::string name = path;
        auto rows = pqc::open_csv(name, delimiter, {columns, columns + column_count});
        pqc::check(arrow::ExportRecordBatchReader(std::move(rows), stream), {name, "read", PQC_FORMAT});
    });
}
