// Definition of the opaque pqc_reader.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <arrow/io/interfaces.h>
#include <arrow/type_fwd.h>
#include <parquet/arrow/reader.h>
#include <parquet/metadata.h>

#include "status.hpp"

struct pqc_reader {
    std::string path;
    std::shared_ptr<arrow::io::RandomAccessFile> file;
    std::shared_ptr<parquet::FileMetaData> footer;
    std::unique_ptr<parquet::arrow::FileReader> columns;
    std::shared_ptr<arrow::Schema> schema;
    std::vector<std::pair<std::string, std::string>> metadata;

    pqc::Action action(const char *verb, pqc_status otherwise) const { return {path, verb, otherwise}; }
};

namespace pqc {

/// A reader of rows in batches of at most `batch_rows`. If `footer` is null, it is read from the file.
std::unique_ptr<parquet::arrow::FileReader> open_rows(const std::shared_ptr<arrow::io::RandomAccessFile> &file,
                                                      const std::shared_ptr<parquet::FileMetaData> &footer,
                                                      int64_t batch_rows, const Action &action);

/// Positions of the named fields in the file's schema, in the order of the names; all fields if there are no names.
std::vector<int> find_fields(const pqc_reader &reader, const char *const *names, size_t count);

}  // namespace pqc
