// Streams of record batches with selected columns.
#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <parquet/arrow/schema.h>

#include "file_stream.hpp"
#include "reader.hpp"

namespace pqc {

std::vector<int> find_fields(const pqc_reader &reader, const char *const *names, size_t count) {
    std::vector<int> fields(count > 0 ? count : reader.schema->num_fields());
    if (count == 0) {
        std::iota(fields.begin(), fields.end(), 0);
        return fields;
    }
    for (size_t i = 0; i < count; ++i) {
        require(names[i], "the name of a column");
        const std::string name = names[i];
        const std::vector<int> found = reader.schema->GetAllFieldIndices(name);
        if (found.empty()) {
            std::string present;
            for (const auto &field : reader.schema->fields()) present += (present.empty() ? "" : ", ") + field->name();
            throw Failure(PQC_NOT_FOUND,
                          reader.path + ": there is no column '" + name + "'; its columns are " + present);
        }
        if (found.size() > 1) throw Failure(PQC_FORMAT, reader.path + ": several columns are named '" + name + "'");
        if (std::find(fields.begin(), fields.begin() + i, found[0]) != fields.begin() + i) {
            throw Failure(PQC_INVALID_ARGUMENT, reader.path + ": column '" + name + "' is asked for twice");
        }
        fields[i] = found[0];
    }
    return fields;
}

namespace {

constexpr int64_t default_batch_rows = 4096;

void append_leaves(const parquet::arrow::SchemaField &field, std::vector<int> &leaves) {
    if (field.column_index >= 0) leaves.push_back(field.column_index);
    for (const auto &child : field.children) append_leaves(child, leaves);
}

std::shared_ptr<FileStream> open_stream(const pqc_reader &reader, const std::vector<int> &fields, int64_t batch_rows,
                                        bool plain) {
    const Action action = reader.action("read", PQC_FORMAT);
    std::shared_ptr<parquet::arrow::FileReader> file = open_rows(reader.file, reader.footer, batch_rows, action);
    std::vector<int> leaves;  // Arrow gives the columns in the order of their leaves here
    for (int field : fields) append_leaves(file->manifest().schema_fields[field], leaves);
    std::vector<int> row_groups(reader.footer->num_row_groups());
    std::iota(row_groups.begin(), row_groups.end(), 0);
    std::shared_ptr<arrow::RecordBatchReader> rows = check(file->GetRecordBatchReader(row_groups, leaves), action);
    if (plain) rows = make_plain(std::move(rows));
    return std::make_shared<FileStream>(reader.path, std::move(file), std::move(rows));
}

pqc_status export_stream(const pqc_reader *reader, const char *const *columns, size_t column_count, int64_t batch_rows,
                         bool plain, ArrowArrayStream *stream, char **message) {
    return guarded(message, [&] {
        require(reader, "reader");
        require(stream, "stream");
        if (column_count > 0) require(columns, "columns");
        if (batch_rows < 0) throw Failure(PQC_INVALID_ARGUMENT, "batch_rows is " + std::to_string(batch_rows));
        auto rows = open_stream(*reader, find_fields(*reader, columns, column_count),
                                batch_rows > 0 ? batch_rows : default_batch_rows, plain);
        check(arrow::ExportRecordBatchReader(std::move(rows), stream), reader->action("read", PQC_FORMAT));
    });
}

}  // namespace
}  // namespace pqc

pqc_status pqc_reader_stream(const pqc_reader *reader, const char *const *columns, size_t column_count,
                             int64_t batch_rows, ArrowArrayStream *stream, char **message) {
    return pqc::export_stream(reader, columns, column_count, batch_rows, false, stream, message);
}

pqc_status pqc_reader_plain_stream(const pqc_reader *reader, const char *const *columns, size_t column_count,
                                   int64_t batch_rows, ArrowArrayStream *stream, char **message) {
    return pqc::export_stream(reader, columns, column_count, batch_rows, true, stream, message);
}
