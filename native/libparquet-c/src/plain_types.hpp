// The types of plain streams, and how values get them.
#pragma once

#include <memory>
#include <string>

#include <arrow/array/array_base.h>
#include <arrow/result.h>
#include <arrow/type.h>

namespace pqc {

using TypePointer = std::shared_ptr<arrow::DataType>;

/// The type that an extension type is stored as; other types themselves.
const TypePointer &stored_type(const TypePointer &type);

/// The items of a list of any kind; null for other types.
TypePointer item_type(const arrow::DataType &type);

/// Whether values are images as Hugging Face's data sets hold them: structs with a member `bytes`.
bool is_image(const arrow::DataType &type);

/// The type to which values of `type` are converted; `type` itself if they are not.
TypePointer plain_type(const TypePointer &type);

/// Converts values to their plain type.
arrow::Result<std::shared_ptr<arrow::Array>> convert(std::shared_ptr<arrow::Array> values, const TypePointer &type);

}  // namespace pqc
