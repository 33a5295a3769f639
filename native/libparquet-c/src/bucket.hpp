// Definitions of the opaque handles of object stores.
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
    std::string path;
    std::shared_ptr<arrow::fs::FileSystem> files;
    std::shared_ptr<arrow::io::RandomAccessFile> file;
    int64_t size;
    /// Empty if the size was known when it was opened.
    std::string tag;
};

struct pqc_listing {
    std::string location;
    std::string endpoint;
    /// Prefix of each object's path: the bucket, the folder, a slash.
    std::string folder;
    /// Length of the bucket and its slash, which precede the key.
    size_t bucket_length;
    arrow::fs::FileInfoGenerator pages;
    std::vector<arrow::fs::FileInfo> files;
    std::vector<pqc_object_info> page;
};

namespace pqc {

/// Throws Failure if `status`, of a request to an object store, is an error. The message distinguishes a missing
/// object, denied access and no answer.
void check_request(const arrow::Status &status, const std::string &location, const std::string &endpoint);

/// The value, or throws Failure.
template <typename Value>
Value check_request(arrow::Result<Value> result, const std::string &location, const std::string &endpoint) {
    check_request(result.status(), location, endpoint);
    return std::move(result).ValueUnsafe();
}

}  // namespace pqc
