// Conversion of columns to a few common types.
#include <vector>

#include <arrow/array/array_nested.h>
#include <arrow/array/array_dict.h>
#include <arrow/compute/api_vector.h>
#include <arrow/compute/cast.h>
#include <arrow/type.h>

#include "file_stream.hpp"

namespace pqc {
namespace {

using TypePointer = std::shared_ptr<arrow::DataType>;

/// The position of the file's bytes in a struct such as {bytes, path}; -1 for any other type.
int bytes_member(const arrow::DataType &type) {
    if (type.id() != arrow::Type::STRUCT) return -1;
    const int index = static_cast<const arrow::StructType &>(type).GetFieldIndex("bytes");
    return index >= 0 && arrow::is_base_binary_like(type.field(index)->type()->id()) ? index : -1;
}

/// The type to which values of `type` are converted; `type` itself if they are not.
TypePointer plain_type(const TypePointer &type) {
    switch (type->id()) {
        case arrow::Type::BOOL:
        case arrow::Type::UINT64:  // half of its values are no int64
        case arrow::Type::FIXED_SIZE_BINARY: return type;
        case arrow::Type::STRING:
        case arrow::Type::STRING_VIEW:
        case arrow::Type::LARGE_STRING:
        case arrow::Type::NA: return arrow::large_utf8();
        case arrow::Type::BINARY:
        case arrow::Type::BINARY_VIEW:
        case arrow::Type::LARGE_BINARY: return arrow::large_binary();
        case arrow::Type::DICTIONARY: {
            const TypePointer &values = static_cast<const arrow::DictionaryType &>(*type).value_type();
            const TypePointer plain = plain_type(values);
            return arrow::compute::CanCast(*type, *plain) ? plain : type;
        }
        case arrow::Type::STRUCT: return bytes_member(*type) >= 0 ? arrow::large_binary() : type;
        default: break;
    }
    if (arrow::is_integer(type->id())) return arrow::int64();
    if (arrow::is_floating(type->id())) return arrow::float64();
    const bool has_text = arrow::is_decimal(type->id()) || arrow::is_temporal(type->id());
    return has_text && arrow::compute::CanCast(*type, *arrow::large_utf8()) ? arrow::large_utf8() : type;
}

/// Checks that all offsets are within their buffers. Texts need not be UTF-8: an invalid one affects only its own row.
arrow::Status validate(const arrow::Array &column) {
    if (column.type_id() != arrow::Type::LARGE_STRING) return column.ValidateFull();
    ARROW_ASSIGN_OR_RAISE(const auto bytes, column.View(arrow::large_binary()));
    return bytes->ValidateFull();
}

arrow::Result<std::shared_ptr<arrow::Array>> convert(std::shared_ptr<arrow::Array> column, const TypePointer &type) {
    if (const int member = bytes_member(*column->type()); member >= 0) {
        ARROW_ASSIGN_OR_RAISE(column, static_cast<const arrow::StructArray &>(*column).GetFlattenedField(member));
    }
    if (column->type_id() == arrow::Type::DICTIONARY && type->id() != arrow::Type::DICTIONARY) {
        // Values are converted first, because together they may be too long for 32-bit offsets.
        const auto &encoded = static_cast<const arrow::DictionaryArray &>(*column);
        ARROW_ASSIGN_OR_RAISE(const auto values, convert(encoded.dictionary(), type));
        ARROW_ASSIGN_OR_RAISE(column, arrow::compute::Take(*values, *encoded.indices()));
    } else if (!column->type()->Equals(*type)) {
        ARROW_ASSIGN_OR_RAISE(column, arrow::compute::Cast(*column, type));
    }
    ARROW_RETURN_NOT_OK(validate(*column));
    return column;
}

class PlainReader final : public arrow::RecordBatchReader {
public:
    explicit PlainReader(std::shared_ptr<arrow::RecordBatchReader> source) : rows(std::move(source)) {
        std::vector<std::shared_ptr<arrow::Field>> fields;
        for (const auto &field : rows->schema()->fields()) {
            fields.push_back(arrow::field(field->name(), plain_type(field->type())));
        }
        columns = arrow::schema(std::move(fields));
    }

    std::shared_ptr<arrow::Schema> schema() const override { return columns; }

    arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch> *batch) override {
        ARROW_RETURN_NOT_OK(rows->ReadNext(batch));
        if (!*batch) return arrow::Status::OK();
        std::vector<std::shared_ptr<arrow::Array>> converted;
        for (int i = 0; i < columns->num_fields(); ++i) {
            const arrow::Field &field = *columns->field(i);
            auto column = convert((*batch)->column(i), field.type());
            if (!column.ok()) {
                return column.status().WithMessage("column '", field.name(), "': ", column.status().message());
            }
            converted.push_back(std::move(column).ValueUnsafe());
        }
        *batch = arrow::RecordBatch::Make(columns, (*batch)->num_rows(), std::move(converted));
        return arrow::Status::OK();
    }

private:
    std::shared_ptr<arrow::RecordBatchReader> rows;
    std::shared_ptr<arrow::Schema> columns;
};

}  // namespace

std::shared_ptr<arrow::RecordBatchReader> make_plain(std::shared_ptr<arrow::RecordBatchReader> rows) {
    return std::make_shared<PlainReader>(std::move(rows));
}

}  // namespace pqc
