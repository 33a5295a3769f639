// Opening a Parquet file and reading its footer.
#include "reader.hpp"

#include <algorithm>
#include <utility>

#include <arrow/c/bridge.h>
#include <arrow/type.h>
#include <parquet/properties.h>

#include "bounded_memory.hpp"
#include "footer_checksum.hpp"
#include "metadata.hpp"
#include "names.hpp"
#include "regular_file.hpp"

namespace pqc {
namespace {

constexpr int64_t page_buffer_bytes = 1 << 20;
/// Arrow's own limit on lists in a footer.
constexpr int64_t most_list_entries = 1000 * 1000;
/// More than any file has, and small enough that sums over files, and sizes of that many vectors, fit in 64 bits.
constexpr int64_t most_rows = int64_t{1} << 40;

/// Checks the footer's number of rows, because callers rely on it before reading any.
void require_true_row_count(const parquet::FileMetaData &footer, const std::string &path) {
    const int64_t rows = footer.num_rows();
    int64_t left = rows <= most_rows ? rows : -1;
    for (int i = 0; i < footer.num_row_groups() && left >= 0; ++i) {
        const int64_t group = footer.RowGroup(i)->num_rows();
        left = group >= 0 ? left - group : -1;
    }
    if (left != 0) {
        throw Failure(PQC_FORMAT, path + ": cannot read as Parquet: its footer speaks of " + std::to_string(rows) +
                                      " rows, and its row groups do not have that many");
    }
}

}  // namespace

std::unique_ptr<parquet::arrow::FileReader> open_rows(const std::shared_ptr<arrow::io::RandomAccessFile> &file,
                                                      const std::shared_ptr<parquet::FileMetaData> &footer,
                                                      int64_t batch_rows, const Action &action) {
    const int64_t size = check(file->GetSize(), action);
    // A buffered stream reads page by page; otherwise whole column chunks would be loaded.
    parquet::ReaderProperties reading(page_memory(size));
    reading.enable_buffered_stream();
    reading.set_buffer_size(page_buffer_bytes);
    reading.set_page_checksum_verification(true);
    // Lists of the footer are made as long as they claim to be before they are read; each entry takes a byte or more.
    reading.set_thrift_container_size_limit(static_cast<int32_t>(std::clamp<int64_t>(size, 1, most_list_entries)));
    parquet::ArrowReaderProperties conversion;
    conversion.set_pre_buffer(false);
    conversion.set_use_threads(false);
    conversion.set_batch_size(batch_rows);

    parquet::arrow::FileReaderBuilder builder;
    check(builder.Open(file, reading, footer), action);
    builder.memory_pool(row_memory(size))->properties(conversion);
    return check(builder.Build(), action);
}

}  // namespace pqc

pqc_status pqc_reader_open(const char *path, pqc_reader **reader, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(path, "path");
        pqc::require(reader, "reader");
        auto opened = std::make_unique<pqc_reader>();
        opened->path = path;
        opened->file = pqc::open_regular_file(opened->path);
        const pqc::Action action = opened->action("read as Parquet", PQC_FORMAT);
        pqc::require_footer_checksum(*opened->file, opened->path);
        opened->columns = pqc::open_rows(opened->file, nullptr, 1, action);
        opened->footer = opened->columns->parquet_reader()->metadata();
        pqc::require_true_row_count(*opened->footer, opened->path);
        pqc::check(opened->columns->GetSchema(&opened->schema), action);
        pqc::require_c_names(opened->schema->fields(), action);
        opened->metadata = pqc::metadata_entries(opened->footer->key_value_metadata().get());
        *reader = opened.release();
    });
}

void pqc_reader_free(pqc_reader *reader) {
    delete reader;
}

int64_t pqc_reader_row_count(const pqc_reader *reader) {
    return reader->footer->num_rows();
}

int32_t pqc_reader_row_group_count(const pqc_reader *reader) {
    return reader->footer->num_row_groups();
}

pqc_status pqc_reader_open_row_group(const pqc_reader *reader, int32_t position, pqc_reader **group, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(reader, "reader");
        pqc::require(group, "group");
        if (const int count = reader->footer->num_row_groups(); position < 0 || position >= count) {
            throw pqc::Failure(PQC_INVALID_ARGUMENT, reader->path + ": row group " + std::to_string(position) +
                                                         " of " + std::to_string(count) + " was asked for");
        }
        auto opened = std::make_unique<pqc_reader>();
        opened->path = reader->path;
        opened->file = reader->file;
        opened->footer = reader->footer->Subset({position});
        opened->columns = pqc::open_rows(opened->file, opened->footer, 1, reader->action("read as Parquet", PQC_FORMAT));
        opened->schema = reader->schema;
        opened->metadata = reader->metadata;
        *group = opened.release();
    });
}

pqc_status pqc_reader_schema(const pqc_reader *reader, ArrowSchema *schema, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(reader, "reader");
        pqc::require(schema, "schema");
        pqc::check(arrow::ExportSchema(*reader->schema, schema), reader->action("give the schema", PQC_FORMAT));
    });
}

size_t pqc_reader_metadata_count(const pqc_reader *reader) {
    return reader->metadata.size();
}

pqc_key_value pqc_reader_metadata_entry(const pqc_reader *reader, size_t index) {
    const auto &[key, value] = reader->metadata[index];
    return {key.c_str(), value.c_str()};
}

const char *pqc_reader_metadata_value(const pqc_reader *reader, const char *wanted) {
    return pqc::metadata_value(reader->metadata, wanted);
}
