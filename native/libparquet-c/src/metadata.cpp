#include "metadata.hpp"

#include "names.hpp"

namespace pqc {
namespace {

constexpr char arrow_schema_key[] = "ARROW:schema";

}  // namespace

MetadataEntries metadata_entries(const arrow::KeyValueMetadata *metadata) {
    MetadataEntries entries;
    for (int64_t i = 0; metadata && i < metadata->size(); ++i) {
        const std::string &key = metadata->key(i), &value = metadata->value(i);
        if (key != arrow_schema_key && is_c_string(key) && is_c_string(value)) entries.emplace_back(key, value);
    }
    return entries;
}

const char *metadata_value(const MetadataEntries &entries, const char *wanted) {
    for (const auto &[key, value] : entries) {
        if (key == wanted) return value.c_str();
    }
    return nullptr;
}

}  // namespace pqc
