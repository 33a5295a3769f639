// Streams of record batches with selected columns.
#include <algorithm>
#include <cstdint>
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
#include "plain.hpp"
#include "plain_types.hpp"
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

/// The leaves of a field, or of its member of that name alone.
void append_leaves(const parquet::arrow::SchemaField &field, const std::string &member, std::vector<int> &leaves) {
    if (!member.empty() && !field.children.empty() && field.field->type()->id() == arrow::Type::STRUCT) {
        for (const auto &child : field.children) {
            if (child.field->name() == member) append_leaves(child, "", leaves);
        }
        return;
    }
    if (field.column_index >= 0) leaves.push_back(field.column_index);
    for (const auto &child : field.children) append_leaves(child, member, leaves);
}

/// The leaves of a column, or of its member of that name. Throws Failure if there are none: Arrow would leave the column out.
void append_column(const pqc_reader &reader, const parquet::arrow::FileReader &file, int field, const std::string &member,
                   std::vector<int> &leaves) {
    const parquet::arrow::SchemaField &column = file.manifest().schema_fields[field];
    const size_t before = leaves.size();
    append_leaves(column, member, leaves);
    if (leaves.size() == before) {
        throw Failure(PQC_FORMAT, reader.path + ": column '" + column.field->name() + "' has no values");
    }
}

/// The rows of some leaves, which are those of one field after the other: Arrow keeps the order of the fields then.
std::shared_ptr<arrow::RecordBatchReader> read_leaves(const pqc_reader &reader, parquet::arrow::FileReader &file,
                                                      const std::vector<int> &leaves) {
    std::vector<int> row_groups(reader.footer->num_row_groups());
    std::iota(row_groups.begin(), row_groups.end(), 0);
    return check(file.GetRecordBatchReader(row_groups, leaves), reader.action("read", PQC_FORMAT));
}

std::shared_ptr<FileStream> open_stream(const pqc_reader &reader, const std::vector<int> &fields, int64_t batch_rows) {
    std::shared_ptr<parquet::arrow::FileReader> file =
        open_rows(reader.file, reader.footer, batch_rows, reader.action("read", PQC_FORMAT));
    std::vector<int> leaves;
    for (int field : fields) append_column(reader, *file, field, "", leaves);
    auto rows = read_leaves(reader, *file, leaves);
    return std::make_shared<FileStream>(reader.path, std::move(file), std::move(rows), reader.footer->num_rows());
}

std::shared_ptr<FileStream> open_plain_stream(const pqc_reader &reader, std::vector<PlainColumn> columns,
                                              int64_t batch_rows) {
    std::shared_ptr<parquet::arrow::FileReader> file =
        open_rows(reader.file, reader.footer, batch_rows, reader.action("read", PQC_FORMAT));
    std::vector<int> fields, positions, leaves;
    for (const PlainColumn &column : columns) {
        const auto found = std::find(fields.begin(), fields.end(), column.field);
        positions.push_back(static_cast<int>(found - fields.begin()));
        if (found == fields.end()) fields.push_back(column.field);
    }
    for (const int field : fields) {
        for (const PlainColumn &column : columns) {
            if (column.field == field) append_column(reader, *file, field, column.member, leaves);
        }
    }
    auto rows = make_plain(read_leaves(reader, *file, leaves), std::move(columns), std::move(positions));
    return std::make_shared<FileStream>(reader.path, std::move(file), std::move(rows), reader.footer->num_rows());
}

template <typename Open>
pqc_status export_stream(const pqc_reader *reader, const char *const *columns, size_t column_count, int64_t batch_rows,
                         ArrowArrayStream *stream, char **message, Open &&open) {
    return guarded(message, [&] {
        require(reader, "reader");
        require(stream, "stream");
        if (column_count > 0) require(columns, "columns");
        if (batch_rows < 0) throw Failure(PQC_INVALID_ARGUMENT, "batch_rows is " + std::to_string(batch_rows));
        std::shared_ptr<FileStream> rows = open(batch_rows > 0 ? batch_rows : default_batch_rows);
        check(arrow::ExportRecordBatchReader(std::move(rows), stream), reader->action("read", PQC_FORMAT));
    });
}

/// The first leaf of a column of a plain stream.
int first_leaf(const pqc_reader &reader, const PlainColumn &column) {
    std::vector<int> leaves;
    append_column(reader, *reader.columns, column.field, column.member, leaves);
    return leaves.front();
}

}  // namespace
}  // namespace pqc

pqc_status pqc_reader_stream(const pqc_reader *reader, const char *const *columns, size_t column_count,
                             int64_t batch_rows, ArrowArrayStream *stream, char **message) {
    return pqc::export_stream(reader, columns, column_count, batch_rows, stream, message, [&](int64_t rows) {
        return pqc::open_stream(*reader, pqc::find_fields(*reader, columns, column_count), rows);
    });
}

pqc_status pqc_reader_plain_stream(const pqc_reader *reader, const char *const *columns, size_t column_count,
                                   int64_t batch_rows, ArrowArrayStream *stream, char **message) {
    return pqc::export_stream(reader, columns, column_count, batch_rows, stream, message, [&](int64_t rows) {
        return pqc::open_plain_stream(*reader, pqc::find_plain_columns(*reader->schema, reader->path, columns, column_count), rows);
    });
}

pqc_status pqc_reader_item_count(const pqc_reader *reader, const char *column, int64_t *count, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(reader, "reader");
        pqc::require(count, "count");
        const pqc::PlainColumn found = pqc::find_plain_columns(*reader->schema, reader->path, &column, 1).front();
        if (!pqc::item_type(*pqc::stored_type(reader->schema->field(found.field)->type()))) {
            *count = reader->footer->num_rows();
            return;
        }
        const int leaf = pqc::first_leaf(*reader, found);
        constexpr int64_t most_items = int64_t{1} << 48;  // So that sums over files do not overflow.
        int64_t sum = 0;
        for (int group = 0; group < reader->footer->num_row_groups(); ++group) {
            const int64_t values = reader->footer->RowGroup(group)->ColumnChunk(leaf)->num_values();
            if (values < 0 || values > most_items - sum) throw pqc::Failure(PQC_FORMAT, reader->path + ": wrong counts");
            sum += values;
        }
        *count = sum;
    });
}
