// Errors on their way to the caller.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include <arrow/result.h>
#include <arrow/status.h>

#include "libparquet-c.h"

namespace pqc {

/// An error whose status is known where it is found.
class Failure : public std::exception {
public:
    Failure(pqc_status status, std::string text) : status(status), text(std::move(text)) {}
    const char *what() const noexcept override { return text.c_str(); }

    const pqc_status status;
    const std::string text;
};

/// Throws Failure(PQC_INVALID_ARGUMENT) when a pointer that must not be null is.
void require(const void *pointer, const char *name);

/// What the library was doing, to name in an error.
struct Action {
    /// The file.
    const std::string &path;
    /// "open", "read", "write", "sync": "<path>: cannot <verb>: <reason of the system>".
    const char *verb;
    /// Status of an error that does not come from the system.
    pqc_status otherwise;
};

/// Text for an error of `action`.
std::string describe(const arrow::Status &status, const Action &action);

/// Throws Failure when `status` is an error.
void check(const arrow::Status &status, const Action &action);

/// The value, or throws Failure.
template <typename Value> Value check(arrow::Result<Value> result, const Action &action) {
    check(result.status(), action);
    return std::move(result).ValueUnsafe();
}

/// Puts the exception being handled into `*message` and returns its status.
pqc_status report_current_exception(char **message) noexcept;

/// Runs `body`; every exception becomes a status and a message.
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
