// Names of a table's columns.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <arrow/type.h>

#include "status.hpp"

namespace pqc {

/// The names, changed so that each is there once: the first column of a name keeps it, another one gets `_2`, `_3` and
/// so on, and one without a name is called `column_` and its position, from 1.
std::vector<std::string> distinct_names(const std::vector<std::string> &names);

/// Whether a C string can hold the text, which must not contain a NUL.
bool is_c_string(const std::string &text);

/// Throws Failure(PQC_FORMAT) if C strings cannot hold the names of columns and of what they contain.
void require_c_names(const arrow::FieldVector &fields, const Action &action);

/// A field that says in its metadata what its column is called in the file, unless it is called the same.
std::shared_ptr<arrow::Field> named_field(const std::string &name, const std::string &name_in_file,
                                          std::shared_ptr<arrow::DataType> type);

}  // namespace pqc
