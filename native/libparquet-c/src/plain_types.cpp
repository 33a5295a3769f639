#include "plain_types.hpp"

#include <arrow/array.h>
#include <arrow/array/builder_binary.h>
#include <arrow/buffer_builder.h>
#include <arrow/compute/api_vector.h>
#include <arrow/compute/cast.h>
#include <arrow/extension_type.h>
#include <arrow/type_traits.h>

#include "json.hpp"

namespace pqc {
namespace {

using ArrayPointer = std::shared_ptr<arrow::Array>;

constexpr int uuid_bytes = 16;

/// The same layout with bytes in place of texts, which need not be UTF-8: an invalid one affects only its own row.
TypePointer without_texts(const TypePointer &type) {
    switch (type->id()) {
        case arrow::Type::STRING: return arrow::binary();
        case arrow::Type::LARGE_STRING: return arrow::large_binary();
        case arrow::Type::LIST: return arrow::list(without_texts(type->field(0)->type()));
        case arrow::Type::LARGE_LIST: return arrow::large_list(without_texts(type->field(0)->type()));
        case arrow::Type::STRUCT: {
            arrow::FieldVector members;
            for (const auto &member : type->fields()) members.push_back(member->WithType(without_texts(member->type())));
            return arrow::struct_(std::move(members));
        }
        default: return type;
    }
}

/// Checks that all offsets are within their buffers.
arrow::Status validate(const arrow::Array &values) {
    const TypePointer layout = without_texts(values.type());
    if (layout->Equals(*values.type())) return values.ValidateFull();
    ARROW_ASSIGN_OR_RAISE(const auto bytes, values.View(layout));
    return bytes->ValidateFull();
}

/// Bytes of fixed length as hexadecimal digits; 16 of them as a UUID.
arrow::Result<ArrayPointer> hexadecimal(const arrow::FixedSizeBinaryArray &values) {
    static constexpr char digits[] = "0123456789abcdef";
    arrow::LargeStringBuilder texts;
    std::string text;
    for (int64_t row = 0; row < values.length(); ++row) {
        if (values.IsNull(row)) {
            ARROW_RETURN_NOT_OK(texts.AppendNull());
            continue;
        }
        text.clear();
        for (const char byte : values.GetView(row)) {
            const bool starts_group = text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23;
            if (values.byte_width() == uuid_bytes && starts_group) text += '-';
            text += digits[static_cast<unsigned char>(byte) >> 4];
            text += digits[byte & 15];
        }
        ARROW_RETURN_NOT_OK(texts.Append(text));
    }
    return texts.Finish();
}

template <typename List> arrow::Result<ArrayPointer> convert_lists(const arrow::Array &values, const TypePointer &type) {
    const auto &lists = static_cast<const List &>(values);
    ARROW_ASSIGN_OR_RAISE(const auto items, convert(lists.values(), type->field(0)->type()));
    arrow::TypedBufferBuilder<int64_t> ends;
    arrow::TypedBufferBuilder<bool> validity;
    for (int64_t row = 0; row < lists.length(); ++row) {
        ARROW_RETURN_NOT_OK(ends.Append(lists.value_offset(row)));
        ARROW_RETURN_NOT_OK(validity.Append(lists.IsValid(row)));
    }
    ARROW_RETURN_NOT_OK(ends.Append(lists.value_offset(lists.length())));
    ARROW_ASSIGN_OR_RAISE(const auto offsets, ends.Finish());
    ARROW_ASSIGN_OR_RAISE(const auto valid, validity.Finish());
    return std::make_shared<arrow::LargeListArray>(type, lists.length(), offsets, items, valid);
}

arrow::Result<ArrayPointer> decode(const arrow::DictionaryArray &encoded, const TypePointer &type) {
    // Values are converted first, because together they may be too long for 32-bit offsets.
    ARROW_ASSIGN_OR_RAISE(const auto values, convert(encoded.dictionary(), type));
    return arrow::compute::Take(*values, *encoded.indices());
}

bool is_text(const arrow::DataType &type) {
    return arrow::is_string(type.id()) || type.id() == arrow::Type::STRING_VIEW;
}

bool is_bytes(const arrow::DataType &type) {
    return arrow::is_binary(type.id()) || type.id() == arrow::Type::BINARY_VIEW;
}

}  // namespace

const TypePointer &stored_type(const TypePointer &type) {
    const bool is_extension = type->id() == arrow::Type::EXTENSION;
    return is_extension ? static_cast<const arrow::ExtensionType &>(*type).storage_type() : type;
}

TypePointer item_type(const arrow::DataType &type) {
    switch (type.id()) {
        case arrow::Type::LIST:
        case arrow::Type::LARGE_LIST:
        case arrow::Type::FIXED_SIZE_LIST: return stored_type(type.field(0)->type());
        default: return nullptr;
    }
}

bool is_image(const arrow::DataType &type) {
    if (type.id() != arrow::Type::STRUCT) return false;
    const int index = static_cast<const arrow::StructType &>(type).GetFieldIndex("bytes");
    return index >= 0 && arrow::is_base_binary_like(type.field(index)->type()->id());
}

TypePointer plain_type(const TypePointer &type) {
    if (const TypePointer item = item_type(*type)) {
        if (is_text(*item)) return arrow::large_list(arrow::large_utf8());
        if (is_bytes(*item) || is_image(*item)) return arrow::large_list(arrow::large_binary());
    }
    switch (type->id()) {
        case arrow::Type::EXTENSION: return plain_type(stored_type(type));
        case arrow::Type::BOOL:
        case arrow::Type::NA:
        case arrow::Type::UINT64: return type;  // half of the values of the last are no int64
        case arrow::Type::STRING:
        case arrow::Type::STRING_VIEW:
        case arrow::Type::LARGE_STRING:
        case arrow::Type::FIXED_SIZE_BINARY: return arrow::large_utf8();
        case arrow::Type::BINARY:
        case arrow::Type::BINARY_VIEW:
        case arrow::Type::LARGE_BINARY: return arrow::large_binary();
        case arrow::Type::DURATION: return arrow::int64();
        case arrow::Type::DICTIONARY: {
            const TypePointer &values = static_cast<const arrow::DictionaryType &>(*type).value_type();
            const TypePointer plain = plain_type(values);
            return arrow::compute::CanCast(*type, *plain) ? plain : type;
        }
        case arrow::Type::STRUCT:
            if (is_image(*type)) return arrow::large_binary();
            break;
        default: break;
    }
    if (arrow::is_nested(type->id())) return has_json(*type) ? arrow::large_utf8() : type;
    if (arrow::is_integer(type->id())) return arrow::int64();
    if (arrow::is_floating(type->id())) return arrow::float64();
    const bool has_text = arrow::is_decimal(type->id()) || arrow::is_temporal(type->id());
    return has_text && arrow::compute::CanCast(*type, *arrow::large_utf8()) ? arrow::large_utf8() : type;
}

arrow::Result<ArrayPointer> convert(ArrayPointer values, const TypePointer &type) {
    if (values->type_id() == arrow::Type::EXTENSION) {
        return convert(static_cast<const arrow::ExtensionArray &>(*values).storage(), type);
    }
    if (values->type()->Equals(*type)) {
        ARROW_RETURN_NOT_OK(validate(*values));
        return values;
    }
    if (values->type_id() == arrow::Type::DICTIONARY) {
        return decode(static_cast<const arrow::DictionaryArray &>(*values), type);
    }
    if (values->type_id() == arrow::Type::FIXED_SIZE_BINARY) {
        return hexadecimal(static_cast<const arrow::FixedSizeBinaryArray &>(*values));
    }
    if (is_image(*values->type())) {
        const auto &images = static_cast<const arrow::StructArray &>(*values);
        ARROW_ASSIGN_OR_RAISE(const auto files,
                              images.GetFlattenedField(images.struct_type()->GetFieldIndex("bytes")));
        return convert(files, type);
    }
    if (arrow::is_nested(values->type_id())) {
        ARROW_RETURN_NOT_OK(validate(*values));
        if (type->id() != arrow::Type::LARGE_LIST) return json_texts(*values);
        switch (values->type_id()) {
            case arrow::Type::LIST: return convert_lists<arrow::ListArray>(*values, type);
            case arrow::Type::LARGE_LIST: return convert_lists<arrow::LargeListArray>(*values, type);
            default: return convert_lists<arrow::FixedSizeListArray>(*values, type);
        }
    }
    ARROW_ASSIGN_OR_RAISE(values, arrow::compute::Cast(*values, type));
    ARROW_RETURN_NOT_OK(validate(*values));
    return values;
}

}  // namespace pqc
