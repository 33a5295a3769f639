// Errors on their way to the caller, and strings that the caller frees.
#pragma once

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "libtorch-c.h"
#include "warnings.hpp"

namespace ltc {

/// An error whose status is known where it is found.
class Failure : public std::exception {
public:
    Failure(ltc_status status, std::string text) : status(status), text(std::move(text)) {}
    const char *what() const noexcept override { return text.c_str(); }

    const ltc_status status;
    const std::string text;
};

/// Throws Failure(LTC_INVALID_ARGUMENT) when a pointer that must not be null is.
void require(const void *pointer, const char *name);

/// The exception being handled as a Failure, the text without libtorch's C++ backtrace.
Failure current_failure();

/// Puts the exception being handled into `*message` and returns its status.
ltc_status report_current_exception(char **message) noexcept;

/// Runs `body`; every exception becomes a status and a message.
template <typename Body> ltc_status guarded(char **message, Body &&body) noexcept {
    try {
        if (message) *message = nullptr;
        const WarningRoute route;
        body();
        return LTC_OK;
    } catch (...) {
        return report_current_exception(message);
    }
}

/// A copy that ltc_string_free frees.
char *copy_string(const std::string &string);

/// Copies that ltc_strings_free frees.
void copy_strings(const std::vector<std::string> &strings, char ***copies, size_t *count);

}  // namespace ltc
