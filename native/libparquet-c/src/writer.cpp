// Writing record batches to a Parquet file.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <arrow/array/array_base.h>
#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/compression.h>
#include <arrow/util/io_util.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/schema.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "borrowed_schema.hpp"
#include "file_output.hpp"
#include "footer_checksum.hpp"
#include "status.hpp"

namespace pqc {
namespace {

constexpr int64_t default_row_group_rows = 16384;

arrow::Compression::type codec(const pqc_compression &compression) {
    switch (number(compression)) {
        case PQC_COMPRESSION_NONE: return arrow::Compression::UNCOMPRESSED;
        case PQC_COMPRESSION_SNAPPY: return arrow::Compression::SNAPPY;
        case PQC_COMPRESSION_ZSTD: return arrow::Compression::ZSTD;
    }
    throw Failure(PQC_INVALID_ARGUMENT, "there is no compression " + std::to_string(number(compression)));
}

std::shared_ptr<parquet::ArrowWriterProperties> arrow_properties() {
    return parquet::ArrowWriterProperties::Builder().store_schema()->build();
}

/// The paths of text or bytes columns whose values are likely to repeat: those in lists, and those that the schema
/// declares as dictionaries.
std::vector<std::string> repetitive_columns(const std::shared_ptr<arrow::Schema> &schema, const Action &action) {
    std::shared_ptr<parquet::SchemaDescriptor> columns;
    check(parquet::arrow::ToParquetSchema(schema.get(), *parquet::default_writer_properties(), *arrow_properties(),
                                          &columns),
          action);
    std::vector<std::string> paths;
    for (int i = 0; i < columns->num_columns(); ++i) {
        const parquet::ColumnDescriptor *column = columns->Column(i);
        const int field = columns->group_node()->FieldIndex(*columns->GetColumnRoot(i));
        const bool is_repetitive =
            column->max_repetition_level() > 0 || schema->field(field)->type()->id() == arrow::Type::DICTIONARY;
        if (column->physical_type() != parquet::Type::BYTE_ARRAY || !is_repetitive) continue;
        paths.push_back(column->path()->ToDotString());
    }
    return paths;
}

std::shared_ptr<parquet::WriterProperties> file_properties(const pqc_writer_options &options,
                                                           const std::shared_ptr<arrow::Schema> &schema,
                                                           const Action &action) {
    const arrow::Compression::type compression = codec(options.compression);
    if (!arrow::util::Codec::IsAvailable(compression)) {
        throw Failure(PQC_INVALID_ARGUMENT, "this Arrow library was built without the compression " +
                                                arrow::util::Codec::GetCodecAsString(compression));
    }
    const bool has_level = options.compression == PQC_COMPRESSION_ZSTD;
    const int32_t highest = has_level ? 22 : 0;
    if (options.compression_level < 0 || options.compression_level > highest) {
        throw Failure(PQC_INVALID_ARGUMENT, "compression_level is " + std::to_string(options.compression_level) +
                                                ", but must be 0 to " + std::to_string(highest) +
                                                " for this compression");
    }
    if (options.row_group_rows < 0) {
        throw Failure(PQC_INVALID_ARGUMENT, "row_group_rows is " + std::to_string(options.row_group_rows));
    }

    parquet::WriterProperties::Builder builder;
    builder.compression(compression);
    if (options.compression_level > 0) builder.compression_level(options.compression_level);
    builder.max_row_group_length(options.row_group_rows > 0 ? options.row_group_rows : default_row_group_rows);
    builder.disable_dictionary();
    builder.enable_page_checksum();
    const auto repetitive = options.dictionary ? repetitive_columns(schema, action) : std::vector<std::string>();
    for (const std::string &path : repetitive) {
        builder.enable_dictionary(path);
        builder.disable_statistics(path);  // Arrow would search the texts for unused min/max values
    }
    return builder.build();
}

std::shared_ptr<arrow::KeyValueMetadata> file_metadata(const pqc_key_value *entries, size_t count) {
    auto metadata = std::make_shared<arrow::KeyValueMetadata>();
    for (size_t i = 0; i < count; ++i) {
        require(entries[i].key, "the key of a metadata entry");
        require(entries[i].value, "the value of a metadata entry");
        metadata->Append(entries[i].key, entries[i].value);
    }
    return metadata;
}

/// A duplicate of the caller's descriptor for the writer.
int duplicate(int descriptor, const Action &action) {
    const int own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (own < 0) check(arrow::internal::IOErrorFromErrno(errno, "fcntl"), action);
    return own;
}

}  // namespace
}  // namespace pqc

struct pqc_writer {
    enum class State { open, failed, closed };

    std::string path;
    std::shared_ptr<arrow::Schema> schema;
    std::shared_ptr<pqc::FileOutput> file;
    std::unique_ptr<parquet::arrow::FileWriter> rows;
    State state = State::open;
    int64_t written = 0;

    /// Arrow's writer writes a footer when it is destroyed, which would make an unfinished file look complete, so the
    /// file is closed before.
    ~pqc_writer() {
        if (file && state != State::closed) (void)file->Close();
    }

    pqc::Action action(const char *verb, pqc_status otherwise) const { return {path, verb, otherwise}; }

    void require_open() const {
        if (state == State::closed) throw pqc::Failure(PQC_INVALID_ARGUMENT, path + ": the writer is closed");
        if (state == State::failed) {
            throw pqc::Failure(PQC_INVALID_ARGUMENT, path + ": the writer has failed before and takes nothing more");
        }
    }

    void open(int descriptor, const pqc_writer_options &options,
              const std::shared_ptr<arrow::KeyValueMetadata> &metadata) {
        const auto properties =
            pqc::file_properties(options, schema, action("write this schema", PQC_INVALID_ARGUMENT));
        const auto conversion = pqc::arrow_properties();
        file = std::make_shared<pqc::FileOutput>(pqc::duplicate(descriptor, action("open for writing", PQC_IO)));
        rows = pqc::check(parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(), file, properties,
                                                           conversion),
                          action("write", PQC_IO));
        pqc::check(rows->AddKeyValueMetadata(metadata), action("write", PQC_INTERNAL));
    }

    void write(std::shared_ptr<arrow::RecordBatch> batch) {
        require_open();
        const pqc::Action invalid = action("write this batch", PQC_INVALID_ARGUMENT);
        pqc::check(batch->ValidateFull(), invalid);
        for (int i = 0; i < schema->num_fields(); ++i) {
            const int64_t nulls = schema->field(i)->nullable() ? 0 : batch->column(i)->null_count();
            if (nulls > 0) {
                throw pqc::Failure(PQC_INVALID_ARGUMENT, path + ": column '" + schema->field(i)->name() +
                                                             "' may not be null, but " + std::to_string(nulls) +
                                                             " of its values are");
            }
        }
        state = State::failed;
        pqc::check(rows->WriteRecordBatch(*batch), action("write", PQC_IO));
        state = State::open;
        const int64_t end = file->Tell().ValueOr(written);
        if (end > written) file->start_writing();
        written = end;
    }

    void close() {
        require_open();
        state = State::failed;
        file->hold();
        pqc::check(rows->Close(), action("write", PQC_IO));
        pqc::check(file->Write(pqc::with_footer_checksum(file->take_held(), path)), action("write", PQC_IO));
        pqc::check(file->sync(), action("sync", PQC_IO));
        pqc::check(file->Close(), action("close", PQC_IO));
        state = State::closed;
    }
};

pqc_status pqc_writer_open(const char *name, int descriptor, const ArrowSchema *schema,
                           const pqc_writer_options *options, const pqc_key_value *metadata, size_t metadata_count,
                           pqc_writer **writer, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(name, "name");
        pqc::require(schema, "schema");
        pqc::require(writer, "writer");
        if (metadata_count > 0) pqc::require(metadata, "metadata");
        auto opened = std::make_unique<pqc_writer>();
        opened->path = name;
        opened->schema = pqc::import_schema(*schema, opened->action("take this schema", PQC_INVALID_ARGUMENT));
        opened->open(descriptor, options ? *options : pqc_writer_options{}, pqc::file_metadata(metadata, metadata_count));
        *writer = opened.release();
    });
}

pqc_status pqc_writer_write(pqc_writer *writer, ArrowArray *batch, char **message) {
    const pqc_status status = pqc::guarded(message, [&] {
        pqc::require(writer, "writer");
        pqc::require(batch, "batch");
        if (!batch->release) throw pqc::Failure(PQC_INVALID_ARGUMENT, writer->path + ": the batch is released already");
        writer->write(pqc::check(arrow::ImportRecordBatch(batch, writer->schema),
                                 writer->action("take this batch", PQC_INVALID_ARGUMENT)));
    });
    if (batch && batch->release) batch->release(batch);
    return status;
}

pqc_status pqc_writer_close(pqc_writer *writer, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(writer, "writer");
        writer->close();
    });
}

void pqc_writer_free(pqc_writer *writer) {
    delete writer;
}
