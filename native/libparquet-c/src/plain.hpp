// Columns of few types, as `pqc_reader_plain_stream` promises them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <arrow/record_batch.h>
#include <arrow/type.h>

namespace pqc {

/// A column of a plain stream: a column of the file, or a member of the images in one.
struct PlainColumn {
    std::string name;
    std::string name_in_file;
    /// Its position in the file's schema.
    int field;
    /// "bytes" or "path" of images; empty for the column itself.
    std::string member;
};

/// All columns of a file's plain streams, in file order.
std::vector<PlainColumn> plain_columns(const arrow::Schema &schema);

/// The named columns of all plain columns, in the order of the names; all if there are no names. Throws Failure.
std::vector<PlainColumn> find_plain_columns(const arrow::Schema &schema, const std::string &path,
                                            const char *const *names, size_t count);

/// A reader of the same rows with the columns in the given order.
///
/// - `positions`: the position of each column's field in the batches of `rows`.
std::shared_ptr<arrow::RecordBatchReader> make_plain(std::shared_ptr<arrow::RecordBatchReader> rows,
                                                     std::vector<PlainColumn> columns, std::vector<int> positions);

}  // namespace pqc
