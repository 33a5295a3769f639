#include "vector_pages.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <parquet/properties.h>

#include "crc32.hpp"

namespace pqc {
namespace {

/// The levels of version 1 data pages begin with their size.
constexpr int32_t level_size_bytes = 4;

}  // namespace

void VectorColumn::read(int64_t start, int64_t size, uint8_t *bytes) const {
    const int64_t count = check(file->ReadAt(start, size, bytes), {path, "read", PQC_FORMAT});
    if (count < size) throw malformed("the file is cut off");
}

void VectorColumn::require_checksum(const CheckedPage &page, const Extent &extent, const uint8_t *bytes) const {
    uint32_t sum = page.before;
    // Rows that are read together may begin and end within a page: the rest of it is read for the checksum alone.
    const auto add_rest = [&](int64_t start, int64_t end) {
        std::vector<uint8_t> rest(static_cast<size_t>(end - start));
        if (rest.empty()) return;
        read(start, end - start, rest.data());
        sum = crc32(sum, rest.data(), rest.size());
    };
    add_rest(page.start, extent.start);
    sum = crc32(sum, bytes, static_cast<size_t>(extent.size));
    add_rest(extent.start + extent.size, page.start + page.size);
    if (sum != page.whole) throw malformed("a page is damaged: its checksum differs");
}

VectorPages::VectorPages(VectorColumn column)
    : column(std::move(column)),
      levels(this->column.footer->schema()->Column(this->column.index)),
      file_size(check(this->column.file->GetSize(), {this->column.path, "read", PQC_FORMAT})),
      rows_left(static_cast<size_t>(this->column.footer->num_rows())) {
    require_room(this->column.footer->num_rows(), file_size);
}

std::vector<Extent> VectorPages::next(size_t count) {
    if (count > rows_left) {
        throw Failure(PQC_INVALID_ARGUMENT, column.path + ": column '" + column.name + "' has " +
                                                std::to_string(rows_left) + " more rows, not " + std::to_string(count));
    }
    // A failure loses the skipped data, and thus the position of all rows that follow.
    const size_t left = std::exchange(rows_left, 0);
    std::vector<Extent> extents;
    int64_t wanted = static_cast<int64_t>(count) * column.row_bytes();
    while (wanted > 0) {
        if (values.size == 0) {
            values_left == 0 ? next_group() : next_page();
            continue;
        }
        const int64_t taken = std::min(wanted, values.size);
        extents.push_back({values.start, taken, values.page});
        values.start += taken;
        values.size -= taken;
        wanted -= taken;
    }
    rows_left = left - count;
    return extents;
}

void VectorPages::next_group() {
    if (next_row_group == column.footer->num_row_groups()) throw column.malformed("rows are missing");
    const std::unique_ptr<parquet::RowGroupMetaData> group = column.footer->RowGroup(next_row_group++);
    const std::unique_ptr<parquet::ColumnChunkMetaData> chunk = group->ColumnChunk(column.index);
    const int64_t start = chunk->data_page_offset(), size = chunk->total_compressed_size();
    if (start < 0 || size < 0 || start > file_size || size > file_size - start) {
        throw column.malformed("the file's footer says that it is outside of the file");
    }
    require_room(group->num_rows(), size);
    heads = std::make_shared<PageHeads>(column.file, start, size);
    pages = parquet::PageReader::Open(heads, chunk->num_values(), chunk->compression(), parquet::ReaderProperties(),
                                      *levels);
    values_left = group->num_rows() * column.dimension;
}

/// Checks that the rows in the footer fit into the available bytes.
void VectorPages::require_room(int64_t rows, int64_t bytes) const {
    if (rows < 0 || rows > bytes / column.row_bytes()) {
        throw column.malformed(std::to_string(rows) + " rows do not fit into " + std::to_string(bytes) + " bytes");
    }
}

void VectorPages::next_page() {
    const std::shared_ptr<parquet::Page> page = pages->NextPage();
    if (!page) throw column.malformed("values are missing");
    switch (page->type()) {
        case parquet::PageType::DATA_PAGE: return take(static_cast<const parquet::DataPageV1 &>(*page));
        case parquet::PageType::DATA_PAGE_V2: return take(static_cast<const parquet::DataPageV2 &>(*page));
        default: throw column.malformed("a page holds no plain values");
    }
}

void VectorPages::take(const parquet::DataPageV1 &data) {
    parquet::LevelDecoder repetition, definition;
    const auto find_repetition = [&] {
        return repetition.SetData(data.repetition_level_encoding(), levels->max_repetition_level(), data.num_values(),
                                  data.data(), data.size());
    };
    const auto find_definition = [&](int32_t start) {
        return definition.SetData(data.definition_level_encoding(), levels->max_definition_level(), data.num_values(),
                                  data.data() + start, data.size() - start);
    };
    // Once to learn the length of the levels, and once with all of them loaded.
    load(data, level_size_bytes);
    const int32_t first = find_repetition();
    load(data, int64_t{first} + level_size_bytes);
    const int32_t second = find_definition(first);
    load(data, int64_t{first} + second);
    find_repetition();
    find_definition(first);
    take(data, repetition, definition, first, second);
}

void VectorPages::take(const parquet::DataPageV2 &data) {
    const int32_t count = data.num_values();
    const int32_t first = data.repetition_levels_byte_length(), second = data.definition_levels_byte_length();
    if (first < 0 || second < 0 || first > data.size() || second > data.size() - first) {
        throw column.malformed("a page is cut off");
    }
    load(data, first + second);
    parquet::LevelDecoder repetition, definition;
    repetition.SetDataV2(first, levels->max_repetition_level(), count, data.data());
    definition.SetDataV2(second, levels->max_definition_level(), count, data.data() + first);
    take(data, repetition, definition, first, second);
}

/// Loads the first bytes of a page.
void VectorPages::load(const parquet::DataPage &data, int64_t size) {
    check(heads->load(std::min<int64_t>(size, data.size())), {column.path, "read", PQC_FORMAT});
}

/// Records the position of a page's values after checking that they are whole vectors: its levels tell where lists
/// start and which values are missing.
void VectorPages::take(const parquet::DataPage &data, parquet::LevelDecoder &repetition,
                       parquet::LevelDecoder &definition, int32_t repetition_bytes, int32_t definition_bytes) {
    const int32_t count = data.num_values();
    if (data.encoding() != parquet::Encoding::PLAIN) throw column.malformed("a page holds no plain values");
    if (count < 0 || count > values_left) throw column.malformed("there are more values than rows");
    if (definition.CountUpTo(levels->max_definition_level(), count).matching_count != count) {
        throw column.malformed("there are rows or values without a value");
    }
    const std::string_view lists(reinterpret_cast<const char *>(data.data()), static_cast<size_t>(repetition_bytes));
    const bool starts_with_list = values_left % column.dimension == 0;
    if (!starts_with_list || count != checked_count || lists != checked_levels) {
        require_lists(repetition, count);
        if (starts_with_list) {
            checked_levels = lists;
            checked_count = count;
        }
    }
    const int32_t levels_bytes = repetition_bytes + definition_bytes;
    values = {heads->data_position() + levels_bytes, count * column.value_bytes, std::nullopt};
    if (data.size() - levels_bytes != values.size) throw column.malformed("a page is cut off");
    if (const std::optional<uint32_t> checksum = heads->checksum()) {
        // The callers have loaded the levels.
        const uint32_t before = crc32(0, data.data(), static_cast<size_t>(levels_bytes));
        values.page = CheckedPage{values.start, values.size, before, *checksum};
    }
    values_left -= count;
}

/// Checks that lists start exactly where they must.
void VectorPages::require_lists(parquet::LevelDecoder &repetition, int32_t count) const {
    int64_t position = column.dimension - values_left % column.dimension;
    for (int32_t left = count; left > 0;) {
        position %= column.dimension;
        const bool is_start = position == 0;
        const int32_t run = is_start ? 1 : static_cast<int32_t>(std::min<int64_t>(left, column.dimension - position));
        if (repetition.CountUpTo(is_start ? 0 : 1, run).matching_count != run) {
            throw column.malformed("a list is of another length than " + std::to_string(column.dimension));
        }
        position += run;
        left -= run;
    }
}

}  // namespace pqc
