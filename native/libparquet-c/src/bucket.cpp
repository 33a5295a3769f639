// Opening a bucket.
#include "bucket.hpp"

#include <cstdlib>
#include <string_view>

#include <arrow/filesystem/s3fs.h>

#include "s3_client.hpp"

namespace pqc {
namespace {

constexpr double default_connect_timeout = 10;
constexpr double default_request_timeout = 30;
constexpr int32_t default_attempts = 4;

std::string endpoint_in_use(const pqc_s3_options &options) {
    if (options.endpoint) return options.endpoint;
    for (const char *name : {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"}) {
        if (const char *value = std::getenv(name); value && *value) return value;
    }
    return "";
}

/// Splits "http://host:port" into scheme and "host:port".
void set_endpoint(arrow::fs::S3Options &options, const std::string &endpoint) {
    const auto separator = endpoint.find("://");
    const std::string scheme = endpoint.substr(0, separator);
    if (separator == std::string::npos || (scheme != "http" && scheme != "https")) {
        throw Failure(PQC_INVALID_ARGUMENT, "the endpoint has to start with http:// or https://");
    }
    std::string host = endpoint.substr(separator + 3);
    while (!host.empty() && host.back() == '/') host.pop_back();
    if (host.empty() || host.find('@') != std::string::npos) {
        throw Failure(PQC_INVALID_ARGUMENT, "the endpoint has to be a scheme, a host and a port, and nothing else");
    }
    options.scheme = scheme;
    options.endpoint_override = host;
}

}  // namespace
}  // namespace pqc

pqc_status pqc_bucket_open(const char *name, const pqc_s3_options *given, pqc_bucket **bucket, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(name, "name");
        pqc::require(bucket, "bucket");
        if (!*name || std::string_view(name).find('/') != std::string_view::npos) {
            throw pqc::Failure(PQC_INVALID_ARGUMENT, "the bucket's name is empty or has a slash");
        }
        pqc::start_s3();
        const pqc_s3_options options = given ? *given : pqc_s3_options{};
        const std::string location = std::string("s3://") + name;
        const std::string endpoint = pqc::endpoint_in_use(options);

        auto s3 = options.anonymous ? arrow::fs::S3Options::Anonymous() : arrow::fs::S3Options::Defaults();
        s3.connect_timeout = options.connect_timeout > 0 ? options.connect_timeout : pqc::default_connect_timeout;
        s3.request_timeout = options.request_timeout > 0 ? options.request_timeout : pqc::default_request_timeout;
        s3.retry_strategy = pqc::retries(options.attempts > 0 ? options.attempts : pqc::default_attempts);
        if (!endpoint.empty()) pqc::set_endpoint(s3, endpoint);
        if (options.region) {
            s3.region = options.region;
        } else if (endpoint.empty()) {
            s3.region = pqc::check_request(arrow::fs::ResolveS3BucketRegion(name), location, endpoint);
        }
        auto files = pqc::check_request(arrow::fs::S3FileSystem::Make(s3), location, endpoint);
        *bucket = new pqc_bucket{name, endpoint, std::move(files)};
    });
}

void pqc_bucket_free(pqc_bucket *bucket) {
    delete bucket;
}
