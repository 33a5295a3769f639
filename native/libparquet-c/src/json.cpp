#include "json.hpp"

#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include <arrow/array.h>
#include <arrow/array/builder_binary.h>
#include <arrow/compute/cast.h>
#include <arrow/extension_type.h>
#include <arrow/scalar.h>
#include <arrow/type_traits.h>
#include <arrow/util/float16.h>

namespace pqc {
namespace {

arrow::Status append(const arrow::Array &values, int64_t row, std::string &json);

void append_text(std::string_view text, std::string &json) {
    static constexpr char digits[] = "0123456789abcdef";
    json += '"';
    for (const char byte : text) {
        if (byte == '"' || byte == '\\') {
            json += '\\';
            json += byte;
        } else if (static_cast<unsigned char>(byte) < 0x20) {
            json += "\\u00";
            json += digits[byte >> 4];
            json += digits[byte & 15];
        } else {
            json += byte;
        }
    }
    json += '"';
}

template <typename Number> void append_number(Number number, std::string &json) {
    if constexpr (std::is_floating_point_v<Number>) {
        if (!std::isfinite(number)) {
            json += "null";  // JSON has no other word for it
            return;
        }
    }
    char text[32];
    const std::string_view written(text, std::to_chars(text, text + sizeof text, number).ptr);
    json += written;
    // A whole float stays a float.
    if (std::is_floating_point_v<Number> && written.find_first_of(".e") == written.npos) json += ".0";
}

arrow::Status append_items(const arrow::Array &items, int64_t start, int64_t count, std::string &json) {
    json += '[';
    for (int64_t i = 0; i < count; ++i) {
        if (i > 0) json += ", ";
        ARROW_RETURN_NOT_OK(append(items, start + i, json));
    }
    json += ']';
    return arrow::Status::OK();
}

template <typename List> arrow::Status append_list(const arrow::Array &values, int64_t row, std::string &json) {
    const auto &lists = static_cast<const List &>(values);
    return append_items(*lists.values(), lists.value_offset(row), lists.value_length(row), json);
}

arrow::Status append_struct(const arrow::StructArray &values, int64_t row, std::string &json) {
    json += '{';
    for (int member = 0; member < values.num_fields(); ++member) {
        if (member > 0) json += ", ";
        append_text(values.struct_type()->field(member)->name(), json);
        json += ": ";
        ARROW_RETURN_NOT_OK(append(*values.field(member), row, json));
    }
    json += '}';
    return arrow::Status::OK();
}

/// An object if the keys are texts, otherwise a list of pairs.
arrow::Status append_map(const arrow::MapArray &values, int64_t row, std::string &json) {
    const bool is_object = arrow::is_base_binary_like(values.keys()->type_id());
    json += is_object ? '{' : '[';
    for (int64_t i = 0; i < values.value_length(row); ++i) {
        const int64_t entry = values.value_offset(row) + i;
        if (i > 0) json += ", ";
        if (!is_object) json += '[';
        ARROW_RETURN_NOT_OK(append(*values.keys(), entry, json));
        json += is_object ? ": " : ", ";
        ARROW_RETURN_NOT_OK(append(*values.items(), entry, json));
        if (!is_object) json += ']';
    }
    json += is_object ? '}' : ']';
    return arrow::Status::OK();
}

/// A date, a time or a decimal.
arrow::Status append_as_text(const arrow::Array &values, int64_t row, std::string &json) {
    ARROW_ASSIGN_OR_RAISE(const auto value, values.GetScalar(row));
    ARROW_ASSIGN_OR_RAISE(const auto text, arrow::compute::Cast(arrow::Datum(value), arrow::large_utf8()));
    append_text(static_cast<const arrow::LargeStringScalar &>(*text.scalar()).view(), json);
    return arrow::Status::OK();
}

template <typename Array> arrow::Status append_value_of(const arrow::Array &values, int64_t row, std::string &json) {
    append_number(static_cast<const Array &>(values).Value(row), json);
    return arrow::Status::OK();
}

template <typename Array> arrow::Status append_text_of(const arrow::Array &values, int64_t row, std::string &json) {
    append_text(static_cast<const Array &>(values).GetView(row), json);
    return arrow::Status::OK();
}

arrow::Status append(const arrow::Array &values, int64_t row, std::string &json) {
    if (values.IsNull(row)) {
        json += "null";
        return arrow::Status::OK();
    }
    switch (values.type_id()) {
        case arrow::Type::BOOL:
            json += static_cast<const arrow::BooleanArray &>(values).Value(row) ? "true" : "false";
            return arrow::Status::OK();
        case arrow::Type::INT8: return append_value_of<arrow::Int8Array>(values, row, json);
        case arrow::Type::INT16: return append_value_of<arrow::Int16Array>(values, row, json);
        case arrow::Type::INT32: return append_value_of<arrow::Int32Array>(values, row, json);
        case arrow::Type::INT64: return append_value_of<arrow::Int64Array>(values, row, json);
        case arrow::Type::UINT8: return append_value_of<arrow::UInt8Array>(values, row, json);
        case arrow::Type::UINT16: return append_value_of<arrow::UInt16Array>(values, row, json);
        case arrow::Type::UINT32: return append_value_of<arrow::UInt32Array>(values, row, json);
        case arrow::Type::UINT64: return append_value_of<arrow::UInt64Array>(values, row, json);
        case arrow::Type::HALF_FLOAT: {
            const uint16_t bits = static_cast<const arrow::HalfFloatArray &>(values).Value(row);
            append_number(arrow::util::Float16::FromBits(bits).ToFloat(), json);
            return arrow::Status::OK();
        }
        case arrow::Type::FLOAT: return append_value_of<arrow::FloatArray>(values, row, json);
        case arrow::Type::DOUBLE: return append_value_of<arrow::DoubleArray>(values, row, json);
        case arrow::Type::STRING: return append_text_of<arrow::StringArray>(values, row, json);
        case arrow::Type::LARGE_STRING: return append_text_of<arrow::LargeStringArray>(values, row, json);
        case arrow::Type::STRING_VIEW: return append_text_of<arrow::StringViewArray>(values, row, json);
        case arrow::Type::LIST: return append_list<arrow::ListArray>(values, row, json);
        case arrow::Type::LARGE_LIST: return append_list<arrow::LargeListArray>(values, row, json);
        case arrow::Type::FIXED_SIZE_LIST: return append_list<arrow::FixedSizeListArray>(values, row, json);
        case arrow::Type::STRUCT: return append_struct(static_cast<const arrow::StructArray &>(values), row, json);
        case arrow::Type::MAP: return append_map(static_cast<const arrow::MapArray &>(values), row, json);
        case arrow::Type::DICTIONARY: {
            const auto &encoded = static_cast<const arrow::DictionaryArray &>(values);
            return append(*encoded.dictionary(), encoded.GetValueIndex(row), json);
        }
        case arrow::Type::EXTENSION:
            return append(*static_cast<const arrow::ExtensionArray &>(values).storage(), row, json);
        default: return append_as_text(values, row, json);
    }
}

}  // namespace

bool has_json(const arrow::DataType &type) {
    switch (type.id()) {
        case arrow::Type::NA:
        case arrow::Type::BOOL:
        case arrow::Type::STRING:
        case arrow::Type::LARGE_STRING:
        case arrow::Type::STRING_VIEW: return true;
        case arrow::Type::DICTIONARY:
            return has_json(*static_cast<const arrow::DictionaryType &>(type).value_type());
        case arrow::Type::EXTENSION:
            return has_json(*static_cast<const arrow::ExtensionType &>(type).storage_type());
        case arrow::Type::LIST:
        case arrow::Type::LARGE_LIST:
        case arrow::Type::FIXED_SIZE_LIST:
        case arrow::Type::STRUCT:
        case arrow::Type::MAP:
            for (const auto &field : type.fields()) {
                if (!has_json(*field->type())) return false;
            }
            return true;
        default: break;
    }
    if (arrow::is_integer(type.id()) || arrow::is_floating(type.id())) return true;
    const bool has_text = arrow::is_decimal(type.id()) || arrow::is_temporal(type.id());
    return has_text && arrow::compute::CanCast(type, *arrow::large_utf8());
}

arrow::Result<std::shared_ptr<arrow::Array>> json_texts(const arrow::Array &values) {
    arrow::LargeStringBuilder texts;
    std::string json;
    for (int64_t row = 0; row < values.length(); ++row) {
        if (values.IsNull(row)) {
            ARROW_RETURN_NOT_OK(texts.AppendNull());
            continue;
        }
        json.clear();
        ARROW_RETURN_NOT_OK(append(values, row, json));
        ARROW_RETURN_NOT_OK(texts.Append(json));
    }
    return texts.Finish();
}

}  // namespace pqc
