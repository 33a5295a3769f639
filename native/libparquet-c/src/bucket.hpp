// What the opaque handles of object stores are.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <arrow/filesystem/filesystem.h>
#include <arrow/io/interfaces.h>

#include "status.hpp"

struct pqc_bucket {
    std::string name;
    std::string endpoint;
    std::shared_ptr<arrow::fs::FileSystem> files;
};

struct pqc_object {
    std::string location;
    std::string endpoint;
    std::shared_ptr<arrow::io::RandomAccessFile> file;
    int64_t size;
};

struct pqc_listing {
    std::string location;
    std::string endpoint;
    /// What the path of each object starts with: the bucket, the folder, a slash.
    std::string folder;
    /// Of the bucket and its slash, which are before the key.
    size_t bucket_length;
    arrow::fs::FileInfoGenerator pages;
    std::vector<arrow::fs::FileInfo> files;
    std::vector<pqc_object_info> page;
};

namespace pqc {

/// Throws Failure when `status`, of a request to an object store, is an error; the message says which of
/// "no such object", "no access" and "no answer" it was.
void check_request(const arrow::Status &status, const std::string &location, const std::string &endpoint);

/// The value, or throws Failure.
template <typename Value>
Value check_request(arrow::Result<Value> result, const std::string &location, const std::string &endpoint) {
    check_request(result.status(), location, endpoint);
    return std::move(result).ValueUnsafe();
}

}  // namespace pqc
