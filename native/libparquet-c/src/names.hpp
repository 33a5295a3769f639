// Names of a table's columns.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <arrow/type.h>

namespace pqc {

/// The names, changed so that each is there once: the first column of a name keeps it, another one gets `_2`, `_3` and
/// so on, and one without a name is called `column_` and its position, from 1.
std::vector<std::string> distinct_names(const std::vector<std::string> &names);

/// A field that says in its metadata what its column is called in the file, unless it is called the same.
std::shared_ptr<arrow::Field> named_field(const std::string &name, const std::string &name_in_file,
                                          std::shared_ptr<arrow::DataType> type);

}  // namespace pqc
