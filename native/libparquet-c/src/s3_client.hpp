// Arrow's S3 client, of which a process has one.
#pragma once

#include <cstdint>
#include <memory>

#include <arrow/filesystem/s3fs.h>

namespace pqc {

/// Starts the client unless it runs. It ends when the process exits.
void start_s3();

/// Tries a request `attempts` times in all, with growing pauses, and no more once the process exits.
std::shared_ptr<arrow::fs::S3RetryStrategy> retries(int32_t attempts);

}  // namespace pqc
