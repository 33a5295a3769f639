// Values as JSON texts.
#pragma once

#include <memory>

#include <arrow/array/array_base.h>
#include <arrow/result.h>
#include <arrow/type.h>

namespace pqc {

/// Whether all values of the type have a JSON text: nothing in it holds bytes.
bool has_json(const arrow::DataType &type);

/// A large_utf8 array with the JSON text of each value; null where the value is.
arrow::Result<std::shared_ptr<arrow::Array>> json_texts(const arrow::Array &values);

}  // namespace pqc
