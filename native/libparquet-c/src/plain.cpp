#include "plain.hpp"

#include <algorithm>
#include <utility>

#include <arrow/array.h>
#include <arrow/extension_type.h>
#include <arrow/type_traits.h>

#include "names.hpp"
#include "plain_types.hpp"
#include "status.hpp"

namespace pqc {
namespace {

/// The images of a column, itself or the items of its lists; null for other columns.
TypePointer image_type(const TypePointer &type) {
    const TypePointer stored = stored_type(type);
    if (is_image(*stored)) return stored;
    const TypePointer item = item_type(*stored);
    return item && is_image(*item) ? item : nullptr;
}

/// The type of images' paths in a column of `type`.
TypePointer path_type(const TypePointer &type) {
    const TypePointer stored = stored_type(type);
    return item_type(*stored) ? arrow::large_list(arrow::large_utf8()) : arrow::large_utf8();
}

/// The struct's member alone, in the same lists.
arrow::Result<std::shared_ptr<arrow::Array>> select_member(const std::shared_ptr<arrow::Array> &values,
                                                           const std::string &name) {
    switch (values->type_id()) {
        case arrow::Type::EXTENSION:
            return select_member(static_cast<const arrow::ExtensionArray &>(*values).storage(), name);
        case arrow::Type::STRUCT: {
            const auto &images = static_cast<const arrow::StructArray &>(*values);
            return images.GetFlattenedField(images.struct_type()->GetFieldIndex(name));
        }
        default: break;
    }
    ARROW_RETURN_NOT_OK(values->Validate());
    const std::shared_ptr<arrow::ArrayData> lists = values->data()->Copy();
    ARROW_ASSIGN_OR_RAISE(const auto items, select_member(arrow::MakeArray(lists->child_data[0]), name));
    lists->child_data[0] = items->data();
    const auto item = arrow::field("item", items->type());
    switch (lists->type->id()) {
        case arrow::Type::LIST: lists->type = arrow::list(item); break;
        case arrow::Type::LARGE_LIST: lists->type = arrow::large_list(item); break;
        default:
            lists->type = arrow::fixed_size_list(
                item, static_cast<const arrow::FixedSizeListType &>(*lists->type).list_size());
    }
    return arrow::MakeArray(lists);
}

class PlainReader final : public arrow::RecordBatchReader {
public:
    PlainReader(std::shared_ptr<arrow::RecordBatchReader> source, std::vector<PlainColumn> plain,
                std::vector<int> positions)
        : rows(std::move(source)), plain(std::move(plain)), positions(std::move(positions)) {
        arrow::FieldVector fields;
        for (size_t i = 0; i < this->plain.size(); ++i) {
            const PlainColumn &column = this->plain[i];
            const TypePointer &type = rows->schema()->field(this->positions[i])->type();
            fields.push_back(named_field(column.name, column.name_in_file,
                                         column.member == "path" ? path_type(type) : plain_type(type)));
        }
        columns = arrow::schema(std::move(fields));
    }

    std::shared_ptr<arrow::Schema> schema() const override { return columns; }

    arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch> *batch) override {
        ARROW_RETURN_NOT_OK(rows->ReadNext(batch));
        if (!*batch) return arrow::Status::OK();
        std::vector<std::shared_ptr<arrow::Array>> converted;
        for (size_t i = 0; i < plain.size(); ++i) {
            auto column = values((*batch)->column(positions[i]), i);
            if (!column.ok()) {
                return column.status().WithMessage("column '", plain[i].name, "': ", column.status().message());
            }
            converted.push_back(std::move(column).ValueUnsafe());
        }
        *batch = arrow::RecordBatch::Make(columns, (*batch)->num_rows(), std::move(converted));
        return arrow::Status::OK();
    }

private:
    arrow::Result<std::shared_ptr<arrow::Array>> values(std::shared_ptr<arrow::Array> column, size_t index) {
        const std::string &member = plain[index].member;
        if (!member.empty()) {
            ARROW_ASSIGN_OR_RAISE(column, select_member(column, member));
        }
        return convert(std::move(column), columns->field(static_cast<int>(index))->type());
    }

    const std::shared_ptr<arrow::RecordBatchReader> rows;
    const std::vector<PlainColumn> plain;
    const std::vector<int> positions;
    std::shared_ptr<arrow::Schema> columns;
};

}  // namespace

std::vector<PlainColumn> plain_columns(const arrow::Schema &schema) {
    std::vector<PlainColumn> columns;
    for (int i = 0; i < schema.num_fields(); ++i) {
        const arrow::Field &field = *schema.field(i);
        const TypePointer image = image_type(field.type());
        columns.push_back({"", field.name(), i, image ? "bytes" : ""});
        const int path = image ? static_cast<const arrow::StructType &>(*image).GetFieldIndex("path") : -1;
        const bool has_path = path >= 0 && arrow::is_string(image->field(path)->type()->id());
        if (has_path) columns.push_back({"", field.name() + ".path", i, "path"});
    }
    std::vector<std::string> names;
    for (const PlainColumn &column : columns) names.push_back(column.name_in_file);
    names = distinct_names(names);
    for (size_t i = 0; i < columns.size(); ++i) columns[i].name = std::move(names[i]);
    return columns;
}

std::vector<PlainColumn> find_plain_columns(const arrow::Schema &schema, const std::string &path,
                                            const char *const *names, size_t count) {
    std::vector<PlainColumn> all = plain_columns(schema);
    if (count == 0) return all;
    std::vector<PlainColumn> columns;
    for (size_t i = 0; i < count; ++i) {
        require(names[i], "the name of a column");
        const std::string name = names[i];
        const auto is_wanted = [&name](const PlainColumn &column) { return column.name == name; };
        const auto found = std::find_if(all.begin(), all.end(), is_wanted);
        if (found == all.end()) throw Failure(PQC_NOT_FOUND, path + ": there is no column '" + name + "'");
        if (std::any_of(columns.begin(), columns.end(), is_wanted)) {
            throw Failure(PQC_INVALID_ARGUMENT, path + ": column '" + name + "' is asked for twice");
        }
        columns.push_back(*found);
    }
    return columns;
}

std::shared_ptr<arrow::RecordBatchReader> make_plain(std::shared_ptr<arrow::RecordBatchReader> rows,
                                                     std::vector<PlainColumn> columns, std::vector<int> positions) {
    return std::make_shared<PlainReader>(std::move(rows), std::move(columns), std::move(positions));
}

}  // namespace pqc
