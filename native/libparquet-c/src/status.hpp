// Errors returned to the caller.
#pragma once

#include <cstring>
#include <exception>
#include <string>
#include <type_traits>
#include <utility>

#include <arrow/result.h>
#include <arrow/status.h>

#include "libparquet-c.h"

namespace pqc {

/// An error with a known status.
class Failure : public std::exception {
public:
    Failure(pqc_status status, std::string text) : status(status), text(std::move(text)) {}
    const char *what() const noexcept override { return text.c_str(); }

    const pqc_status status;
    const std::string text;
};

/// Throws Failure(PQC_INVALID_ARGUMENT) if a required pointer is NULL.
void require(const void *pointer, const char *name);

/// The number of an argument. A caller in C may pass any, and C++ may read only its own values as an enumeration.
template <typename Enumeration> auto number(const Enumeration &argument) {
    std::underlying_type_t<Enumeration> value;
    std::memcpy(&value, &argument, sizeof value);
    return value;
}

/// The action that failed, to name in an error.
struct Action {
    /// The file.
    const std::string &path;
    /// "open", "read", "write" or "sync", for "<path>: cannot <verb>: <reason of the system>".
    const char *verb;
    /// The status of an error that is not a system error.
    pqc_status otherwise;
};

/// The text for an error of `action`.
std::string describe(const arrow::Status &status, const Action &action);

/// Throws Failure if `status` is an error.
void check(const arrow::Status &status, const Action &action);

/// The value, or throws Failure.
template <typename Value> Value check(arrow::Result<Value> result, const Action &action) {
    check(result.status(), action);
    return std::move(result).ValueUnsafe();
}

/// Writes the current exception to `*message` and returns its status.
pqc_status report_current_exception(char **message) noexcept;

/// Runs `body` and converts every exception to a status and a message.
template <typename Body> pqc_status guarded(char **message, Body &&body) noexcept {
    try {
        if (message) *message = nullptr;
        body();
        return PQC_OK;
    } catch (...) {
        return report_current_exception(message);
    }
}

}  // namespace pqc
