// Key-value metadata as C strings.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <arrow/util/key_value_metadata.h>

namespace pqc {

using MetadataEntries = std::vector<std::pair<std::string, std::string>>;

/// The entries without Arrow's own and those that contain a NUL.
MetadataEntries metadata_entries(const arrow::KeyValueMetadata *metadata);

/// The value of a key, or NULL; the entries own it.
const char *metadata_value(const MetadataEntries &entries, const char *key);

}  // namespace pqc
