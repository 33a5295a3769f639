// Opening a Parquet file and reading what its footer says.
#include "reader.hpp"

#include <utility>

#include <arrow/c/bridge.h>
#include <arrow/io/file.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/properties.h>

namespace pqc {
namespace {

constexpr int64_t page_buffer_bytes = 1 << 20;
constexpr char arrow_schema_key[] = "ARROW:schema";

std::vector<std::pair<std::string, std::string>> entries(const arrow::KeyValueMetadata *metadata) {
    std::vector<std::pair<std::string, std::string>> entries;
    for (int64_t i = 0; metadata && i < metadata->size(); ++i) {
        if (metadata->key(i) != arrow_schema_key) entries.emplace_back(metadata->key(i), metadata->value(i));
    }
    return entries;
}

}  // namespace

std::unique_ptr<parquet::arrow::FileReader> open_rows(const std::shared_ptr<arrow::io::RandomAccessFile> &file,
                                                      const std::shared_ptr<parquet::FileMetaData> &footer,
                                                      int64_t batch_rows, const Action &action) {
    // A buffered stream reads page by page; without it whole column chunks come into memory.
    parquet::ReaderProperties reading;
    reading.enable_buffered_stream();
    reading.set_buffer_size(page_buffer_bytes);
    parquet::ArrowReaderProperties conversion;
    conversion.set_pre_buffer(false);
    conversion.set_use_threads(false);
    conversion.set_batch_size(batch_rows);

    parquet::arrow::FileReaderBuilder builder;
    check(builder.Open(file, reading, footer), action);
    builder.properties(conversion);
    return check(builder.Build(), action);
}

}  // namespace pqc

pqc_status pqc_reader_open(const char *path, pqc_reader **reader, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(path, "path");
        pqc::require(reader, "reader");
        auto opened = std::make_unique<pqc_reader>();
        opened->path = path;
        opened->file = pqc::check(arrow::io::ReadableFile::Open(path), opened->action("open", PQC_IO));
        const pqc::Action action = opened->action("read as Parquet", PQC_FORMAT);
        opened->columns = pqc::open_rows(opened->file, nullptr, 1, action);
        opened->footer = opened->columns->parquet_reader()->metadata();
        pqc::check(opened->columns->GetSchema(&opened->schema), action);
        opened->metadata = pqc::entries(opened->footer->key_value_metadata().get());
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
    for (const auto &[key, value] : reader->metadata) {
        if (key == wanted) return value.c_str();
    }
    return nullptr;
}
