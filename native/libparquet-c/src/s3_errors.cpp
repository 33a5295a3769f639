// Interpretation of an object store's errors.
#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

#include <arrow/util/io_util.h>

#include "bucket.hpp"

namespace pqc {
namespace {

/// Arrow's text for a failed request: "AWS Error <code> during <operation> operation: <the service's words>".
struct ServiceError {
    /// The SDK's name, such as "NO_SUCH_KEY".
    std::string_view code;
    /// The service's own name for an error that the SDK does not know, such as "ExpiredToken"; may be empty.
    std::string_view name;
};

bool skip(std::string_view &text, std::string_view start) {
    if (!text.starts_with(start)) return false;
    text.remove_prefix(start.size());
    return true;
}

/// Removes the text before `end`, together with `end`, from `text` and returns it; all of it if there is no `end`.
std::string_view take(std::string_view &text, std::string_view end) {
    const auto part = text.substr(0, text.find(end));
    text.remove_prefix(std::min(text.size(), part.size() + end.size()));
    return part;
}

/// Bucket and key of "s3://bucket/key".
struct Name {
    std::string_view bucket;
    std::string_view key;

    explicit Name(std::string_view location) {
        skip(location, "s3://");
        bucket = take(location, "/");
        key = location;
    }
};

/// Skips Arrow's "When … key '<key>' in bucket '<bucket>': ", if present.
///
/// A key may contain anything, including the text of an error, so the known name is skipped and never searched for.
std::string_view without_name(std::string_view message, const Name &name) {
    if (!message.starts_with("When ")) return message;
    auto rest = message;
    const bool is_of_bucket = take(rest, "'").ends_with("bucket ");
    if (is_of_bucket) return skip(rest, name.bucket) && skip(rest, "': ") ? rest : std::string_view();
    if (!skip(rest, name.key)) return {};
    skip(rest, "/");
    const bool is_named = skip(rest, "' in bucket '") && skip(rest, name.bucket) && skip(rest, "': ");
    return is_named ? rest : std::string_view();
}

std::optional<ServiceError> service_error(std::string_view message, const Name &name) {
    auto rest = without_name(message, name);
    if (!skip(rest, "AWS Error ")) return {};
    ServiceError error{};
    auto code = take(rest, " during ");
    error.code = take(code, " ");
    take(rest, " operation: ");
    if (skip(rest, "Unable to parse ExceptionName: ")) error.name = take(rest, " ");
    return error;
}

constexpr std::array missing_codes = {"NO_SUCH_BUCKET", "NO_SUCH_KEY", "RESOURCE_NOT_FOUND"};
constexpr std::array denied_codes = {"ACCESS_DENIED", "INVALID_ACCESS_KEY_ID", "INVALID_CLIENT_TOKEN_ID",
                                     "SIGNATURE_DOES_NOT_MATCH"};
constexpr std::array denied_names = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"};

template <size_t Count> bool is_one_of(const std::array<const char *, Count> &names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void check_request(const arrow::Status &status, const std::string &location, const std::string &endpoint) {
    if (status.ok()) return;
    if (status.IsOutOfMemory()) throw Failure(PQC_OUT_OF_MEMORY, location + ": out of memory");
    const Name name(location);
    const auto error = service_error(status.message(), name);
    const bool has_no_bucket = status.message() == "Bucket '" + std::string(name.bucket) + "' not found";
    if (arrow::internal::ErrnoFromStatus(status) == ENOENT || has_no_bucket ||
        (error && is_one_of(missing_codes, error->code))) {
        throw Failure(PQC_NOT_FOUND, location + ": there is no such bucket or object");
    }
    const std::string reason = describe(status, {location, "read", PQC_IO});
    if (error && (is_one_of(denied_codes, error->code) || is_one_of(denied_names, error->name))) {
        throw Failure(PQC_ACCESS_DENIED, reason);
    }
    throw Failure(PQC_IO, reason + " (endpoint: " + (endpoint.empty() ? "Amazon S3" : endpoint) + ")");
}

}  // namespace pqc
