// The positions of a column's vectors in the file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <arrow/io/interfaces.h>
#include <parquet/column_page.h>
#include <parquet/column_reader.h>
#include <parquet/metadata.h>

#include "page_heads.hpp"
#include "status.hpp"

namespace pqc {

/// The data of a page that has a checksum.
struct CheckedPage {
    /// The position and size of the values.
    int64_t start;
    int64_t size;
    /// The checksum of the bytes before the values.
    uint32_t before;
    /// The checksum of all bytes.
    uint32_t whole;
};

/// Consecutive values in a file.
struct Extent {
    int64_t start;
    int64_t size;
    /// The page that they are in, if it has a checksum.
    std::optional<CheckedPage> page;
};

/// A column of fixed-size lists whose pages contain only levels and plain values.
struct VectorColumn {
    std::string path;
    std::string name;
    std::shared_ptr<arrow::io::RandomAccessFile> file;
    std::shared_ptr<parquet::FileMetaData> footer;
    /// The column's position in the file's row groups.
    int index;
    int64_t dimension;
    int64_t value_bytes;

    int64_t row_bytes() const { return dimension * value_bytes; }

    /// Reads bytes of the file. Throws Failure.
    void read(int64_t start, int64_t size, uint8_t *bytes) const;

    /// Compares a page's checksum with what is in the file. Throws Failure.
    ///
    /// - `bytes`: the values of `extent`, which are not read a second time.
    void require_checksum(const CheckedPage &page, const Extent &extent, const uint8_t *bytes) const;

    Failure malformed(const std::string &reason) const {
        return {PQC_FORMAT, path + ": cannot read: column '" + name + "': " + reason};
    }
};

/// Iterates over the pages of a column from start to end.
class VectorPages {
public:
    explicit VectorPages(VectorColumn column);

    /// The positions of the next rows' values. Throws Failure and parquet::ParquetException.
    std::vector<Extent> next(size_t count);

    const VectorColumn column;

private:
    void next_group();
    void require_room(int64_t rows, int64_t bytes) const;
    void next_page();
    void take(const parquet::DataPageV1 &data);
    void take(const parquet::DataPageV2 &data);
    void take(const parquet::DataPage &data, parquet::LevelDecoder &repetition, parquet::LevelDecoder &definition,
              int32_t repetition_bytes, int32_t definition_bytes);
    void load(const parquet::DataPage &data, int64_t size);
    void require_lists(parquet::LevelDecoder &repetition, int32_t count) const;

    const parquet::ColumnDescriptor *const levels;
    const int64_t file_size;
    size_t rows_left;
    int next_row_group = 0;
    std::shared_ptr<PageHeads> heads;
    std::unique_ptr<parquet::PageReader> pages;
    /// The number of values left in the row group.
    int64_t values_left = 0;
    /// The unread values of the page.
    Extent values{0, 0, std::nullopt};

    /// The encoded repetition levels of the last page that began with a list and was valid: most pages have the same
    /// levels.
    std::string checked_levels;
    int32_t checked_count = 0;
};

}  // namespace pqc
