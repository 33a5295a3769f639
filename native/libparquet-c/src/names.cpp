#include "names.hpp"

#include <set>

#include <arrow/util/key_value_metadata.h>

namespace pqc {

std::vector<std::string> distinct_names(const std::vector<std::string> &names) {
    const std::set<std::string> given(names.begin(), names.end());
    std::set<std::string> taken;
    std::vector<std::string> distinct;
    for (const std::string &name : names) {
        const std::string base = name.empty() ? "column_" + std::to_string(distinct.size() + 1) : name;
        std::string candidate = base;
        for (int count = 2; taken.contains(candidate) || (candidate != name && given.contains(candidate)); ++count) {
            candidate = base + "_" + std::to_string(count);
        }
        taken.insert(candidate);
        distinct.push_back(candidate);
    }
    return distinct;
}

bool is_c_string(const std::string &text) {
    return text.find('\0') == std::string::npos;
}

void require_c_names(const arrow::FieldVector &fields, const Action &action) {
    for (const auto &field : fields) {
        if (!is_c_string(field->name())) {
            check(arrow::Status::Invalid("the name of a column holds a NUL"), action);
        }
        require_c_names(field->type()->fields(), action);
    }
}

std::shared_ptr<arrow::Field> named_field(const std::string &name, const std::string &name_in_file,
                                          std::shared_ptr<arrow::DataType> type) {
    if (name == name_in_file) return arrow::field(name, std::move(type));
    return arrow::field(name, std::move(type), true, arrow::key_value_metadata({"name_in_file"}, {name_in_file}));
}

}  // namespace pqc
