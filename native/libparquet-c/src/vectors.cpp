// Columns of vectors, read without Arrow's arrays.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <arrow/type.h>
#include <parquet/arrow/schema.h>
#include <parquet/exception.h>

#include "reader.hpp"
#include "vector_pages.hpp"

namespace pqc {
namespace {

bool has_plain_pages(const parquet::FileMetaData &footer, int column) {
    for (int i = 0; i < footer.num_row_groups(); ++i) {
        const std::unique_ptr<parquet::ColumnChunkMetaData> chunk = footer.RowGroup(i)->ColumnChunk(column);
        if (chunk->compression() != parquet::Compression::UNCOMPRESSED || chunk->crypto_metadata()) return false;
        for (parquet::Encoding::type encoding : chunk->encodings()) {
            // The other encodings are of levels.
            if (encoding != parquet::Encoding::PLAIN && encoding != parquet::Encoding::RLE &&
                encoding != parquet::Encoding::BIT_PACKED) {
                return false;
            }
        }
    }
    return true;
}

std::optional<VectorColumn> find_column(const pqc_reader &reader, const char *name) {
    const int field = find_fields(reader, &name, 1).front();
    const arrow::DataType &type = *reader.schema->field(field)->type();
    if (type.id() != arrow::Type::FIXED_SIZE_LIST) return std::nullopt;
    const auto &list = static_cast<const arrow::FixedSizeListType &>(type);
    const arrow::Type::type item = list.value_type()->id();
    if (item != arrow::Type::FLOAT && item != arrow::Type::HALF_FLOAT) return std::nullopt;
    if (list.list_size() < 1) return std::nullopt;

    const parquet::arrow::SchemaField &column = reader.columns->manifest().schema_fields[field];
    const int leaf = column.children.at(0).column_index;
    const parquet::ColumnDescriptor &values = *reader.footer->schema()->Column(leaf);
    const int64_t value_bytes = item == arrow::Type::FLOAT ? 4 : 2;
    const bool has_width = item == arrow::Type::FLOAT ? values.physical_type() == parquet::Type::FLOAT
                                                      : values.type_length() == 2;
    if (!has_width || values.max_repetition_level() != 1 || !has_plain_pages(*reader.footer, leaf)) return std::nullopt;
    return VectorColumn{reader.path, name, reader.file, reader.footer, leaf, list.list_size(), value_bytes};
}

}  // namespace
}  // namespace pqc

struct pqc_vectors {
    pqc::VectorPages pages;
};

struct pqc_vector_rows {
    pqc::VectorColumn column;
    std::vector<pqc::Extent> extents;

    int64_t byte_count() const {
        int64_t bytes = 0;
        for (const pqc::Extent &extent : extents) bytes += extent.size;
        return bytes;
    }
};

pqc_status pqc_vectors_open(const pqc_reader *reader, const char *column, pqc_vectors **vectors, size_t *dimension,
                            size_t *value_bytes, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(reader, "reader");
        pqc::require(column, "column");
        pqc::require(vectors, "vectors");
        pqc::require(dimension, "dimension");
        pqc::require(value_bytes, "value_bytes");
        std::optional<pqc::VectorColumn> found = pqc::find_column(*reader, column);
        if (!found) {
            *vectors = nullptr;
            return;
        }
        *vectors = new pqc_vectors{pqc::VectorPages(std::move(*found))};
        *dimension = static_cast<size_t>((*vectors)->pages.column.dimension);
        *value_bytes = static_cast<size_t>((*vectors)->pages.column.value_bytes);
    });
}

pqc_status pqc_vectors_next(pqc_vectors *vectors, size_t count, pqc_vector_rows **rows, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(vectors, "vectors");
        pqc::require(rows, "rows");
        try {
            *rows = new pqc_vector_rows{vectors->pages.column, vectors->pages.next(count)};
        } catch (const parquet::ParquetStatusException &error) {
            pqc::check(error.status(), {vectors->pages.column.path, "read", PQC_FORMAT});
        } catch (const parquet::ParquetException &error) {
            throw pqc::Failure(PQC_FORMAT, vectors->pages.column.path + ": cannot read: " + error.what());
        }
    });
}

pqc_status pqc_vector_rows_read(const pqc_vector_rows *rows, void *values, size_t capacity, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(rows, "rows");
        pqc::require(values, "values");
        const pqc::VectorColumn &column = rows->column;
        if (const auto size = static_cast<size_t>(rows->byte_count()); size > capacity) {
            throw pqc::Failure(PQC_INVALID_ARGUMENT, column.path + ": column '" + column.name + "' needs room for " +
                                                         std::to_string(size) + " bytes, and there is room for " +
                                                         std::to_string(capacity));
        }
        uint8_t *next = static_cast<uint8_t *>(values);
        for (const pqc::Extent &extent : rows->extents) {
            column.read(extent.start, extent.size, next);
            if (extent.page) column.require_checksum(*extent.page, extent, next);
            next += extent.size;
        }
    });
}

void pqc_vector_rows_free(pqc_vector_rows *rows) {
    delete rows;
}

void pqc_vectors_free(pqc_vectors *vectors) {
    delete vectors;
}
