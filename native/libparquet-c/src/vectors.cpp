// Columns of vectors, read past Arrow's arrays.
#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <arrow/type.h>
#include <parquet/arrow/schema.h>
#include <parquet/column_page.h>
#include <parquet/column_reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>

#include "reader.hpp"

namespace pqc {
namespace {

/// Pages are read past it; it holds their headers.
constexpr int64_t buffer_bytes = 64 << 10;

/// Where the vectors are in the file, and what they are.
struct Layout {
    /// Position of the column in the file's row groups.
    int column;
    int32_t dimension;
    size_t value_bytes;
};

bool has_plain_pages(const parquet::FileMetaData &footer, int column) {
    for (int i = 0; i < footer.num_row_groups(); ++i) {
        const std::unique_ptr<parquet::ColumnChunkMetaData> chunk = footer.RowGroup(i)->ColumnChunk(column);
        for (parquet::Encoding::type encoding : chunk->encodings()) {
            // The others encode levels.
            if (encoding != parquet::Encoding::PLAIN && encoding != parquet::Encoding::RLE &&
                encoding != parquet::Encoding::BIT_PACKED) {
                return false;
            }
        }
    }
    return true;
}

std::optional<Layout> find_layout(const pqc_reader &reader, int field) {
    const arrow::DataType &type = *reader.schema->field(field)->type();
    if (type.id() != arrow::Type::FIXED_SIZE_LIST) return std::nullopt;
    const auto &list = static_cast<const arrow::FixedSizeListType &>(type);
    const arrow::Type::type item = list.value_type()->id();
    if (item != arrow::Type::FLOAT && item != arrow::Type::HALF_FLOAT) return std::nullopt;
    if (list.list_size() < 1) return std::nullopt;

    const parquet::arrow::SchemaField &column = reader.columns->manifest().schema_fields[field];
    const int leaf = column.children.at(0).column_index;
    const parquet::ColumnDescriptor &values = *reader.footer->schema()->Column(leaf);
    const size_t value_bytes = item == arrow::Type::FLOAT ? 4 : 2;
    const bool has_width = item == arrow::Type::FLOAT ? values.physical_type() == parquet::Type::FLOAT
                                                      : values.type_length() == 2;
    if (!has_width || values.max_repetition_level() != 1 || !has_plain_pages(*reader.footer, leaf)) return std::nullopt;
    return Layout{leaf, list.list_size(), value_bytes};
}

}  // namespace
}  // namespace pqc

struct pqc_vectors {
    std::string path;
    std::string name;
    pqc::Layout layout;
    std::unique_ptr<parquet::ParquetFileReader> file;
    const parquet::ColumnDescriptor *column;

    int next_row_group = 0;
    std::unique_ptr<parquet::PageReader> pages;
    /// Values of the row group that are still to come.
    int64_t values_left = 0;

    std::shared_ptr<parquet::Page> page;
    /// What is left of the page's values.
    const uint8_t *start = nullptr;
    size_t bytes = 0;

    /// The encoded levels of the last page that began with a list and was found right: most pages have the same ones.
    std::string checked_levels;
    int32_t checked_count = 0;

    void read(size_t count, uint8_t *values) {
        size_t wanted = count * static_cast<size_t>(layout.dimension) * layout.value_bytes;
        while (wanted > 0) {
            if (bytes == 0) {
                next_page();
                continue;
            }
            const size_t copied = std::min(wanted, bytes);
            std::memcpy(values, start, copied);
            values += copied;
            wanted -= copied;
            start += copied;
            bytes -= copied;
        }
    }

private:
    pqc::Failure malformed(const std::string &reason) const {
        return {PQC_FORMAT, path + ": cannot read: column '" + name + "': " + reason};
    }

    void next_page() {
        if (values_left == 0) return next_group();
        page = pages->NextPage();
        if (!page) throw malformed("values are missing");
        switch (page->type()) {
            case parquet::PageType::DATA_PAGE: return take(static_cast<const parquet::DataPageV1 &>(*page));
            case parquet::PageType::DATA_PAGE_V2: return take(static_cast<const parquet::DataPageV2 &>(*page));
            default: throw malformed("a page holds no plain values");
        }
    }

    void take(const parquet::DataPageV1 &data) {
        const int32_t count = data.num_values();
        parquet::LevelDecoder repetition, definition;
        const int32_t first = repetition.SetData(data.repetition_level_encoding(), column->max_repetition_level(), count,
                                                 data.data(), data.size());
        const int32_t second = definition.SetData(data.definition_level_encoding(), column->max_definition_level(), count,
                                                  data.data() + first, data.size() - first);
        take(data, repetition, definition, first, second);
    }

    void take(const parquet::DataPageV2 &data) {
        const int32_t count = data.num_values();
        const int32_t first = data.repetition_levels_byte_length(), second = data.definition_levels_byte_length();
        if (first < 0 || second < 0 || first > data.size() || second > data.size() - first) {
            throw malformed("a page is cut off");
        }
        parquet::LevelDecoder repetition, definition;
        repetition.SetDataV2(first, column->max_repetition_level(), count, data.data());
        definition.SetDataV2(second, column->max_definition_level(), count, data.data() + first);
        take(data, repetition, definition, first, second);
    }

    void next_group() {
        if (next_row_group == file->metadata()->num_row_groups()) {
            throw pqc::Failure(PQC_INVALID_ARGUMENT, path + ": column '" + name + "' has no more rows");
        }
        const std::shared_ptr<parquet::RowGroupReader> group = file->RowGroup(next_row_group++);
        pages = group->GetColumnPageReader(layout.column);
        values_left = group->metadata()->num_rows() * layout.dimension;
    }

    /// Points to the values of a page after checking that they are whole vectors: its levels say where lists start, and
    /// which values are missing.
    void take(const parquet::DataPage &data, parquet::LevelDecoder &repetition, parquet::LevelDecoder &definition,
              int32_t repetition_bytes, int32_t definition_bytes) {
        const int32_t count = data.num_values();
        if (data.encoding() != parquet::Encoding::PLAIN) throw malformed("a page holds no plain values");
        if (count < 0 || count > values_left) throw malformed("there are more values than rows");
        if (definition.CountUpTo(column->max_definition_level(), count).matching_count != count) {
            throw malformed("there are rows or values without a value");
        }
        const std::string_view levels(reinterpret_cast<const char *>(data.data()), static_cast<size_t>(repetition_bytes));
        const bool starts_with_list = values_left % layout.dimension == 0;
        if (!starts_with_list || count != checked_count || levels != checked_levels) {
            require_lists(repetition, count);
            if (starts_with_list) {
                checked_levels = levels;
                checked_count = count;
            }
        }
        bytes = static_cast<size_t>(count) * layout.value_bytes;
        const int32_t levels_bytes = repetition_bytes + definition_bytes;
        if (static_cast<size_t>(data.size() - levels_bytes) != bytes) throw malformed("a page is cut off");
        start = data.data() + levels_bytes;
        values_left -= count;
    }

    /// Checks that a list starts where one has to, and nowhere else.
    void require_lists(parquet::LevelDecoder &repetition, int32_t count) const {
        int64_t position = layout.dimension - values_left % layout.dimension;
        for (int32_t left = count; left > 0;) {
            position %= layout.dimension;
            const bool is_start = position == 0;
            const int32_t run =
                is_start ? 1 : static_cast<int32_t>(std::min<int64_t>(left, layout.dimension - position));
            if (repetition.CountUpTo(is_start ? 0 : 1, run).matching_count != run) {
                throw malformed("a list is of another length than " + std::to_string(layout.dimension));
            }
            position += run;
            left -= run;
        }
    }
};

pqc_status pqc_vectors_open(const pqc_reader *reader, const char *column, pqc_vectors **vectors, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(reader, "reader");
        pqc::require(column, "column");
        pqc::require(vectors, "vectors");
        *vectors = nullptr;
        const std::optional<pqc::Layout> layout =
            pqc::find_layout(*reader, pqc::find_fields(*reader, &column, 1).front());
        if (!layout) return;
        parquet::ReaderProperties reading;
        reading.enable_buffered_stream();
        reading.set_buffer_size(pqc::buffer_bytes);
        auto opened = std::make_unique<pqc_vectors>(reader->path, column, *layout);
        opened->file = parquet::ParquetFileReader::Open(reader->file, reading, reader->footer);
        opened->column = opened->file->metadata()->schema()->Column(layout->column);
        *vectors = opened.release();
    });
}

pqc_status pqc_vectors_read(pqc_vectors *vectors, size_t count, void *values, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(vectors, "vectors");
        pqc::require(values, "values");
        try {
            vectors->read(count, static_cast<uint8_t *>(values));
        } catch (const parquet::ParquetException &error) {
            throw pqc::Failure(PQC_FORMAT, vectors->path + ": cannot read: " + error.what());
        }
    });
}

void pqc_vectors_free(pqc_vectors *vectors) {
    delete vectors;
}
