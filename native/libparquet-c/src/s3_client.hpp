// Arrow's S3 client, of which there is one per process.
#pragma once

#include <cstdint>
#include <memory>

#include <arrow/filesystem/s3fs.h>

namespace pqc {

/// Starts the client unless it is running. It is shut down when the process exits.
void start_s3();

/// Tries a request up to `attempts` times with growing pauses, and stops when the process exits.
std::shared_ptr<arrow::fs::S3RetryStrategy> retries(int32_t attempts);

}  // namespace pqc
