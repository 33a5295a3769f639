// Errors returned to the caller, and strings that the caller frees.
#pragma once

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "libtorch-c.h"
#include "warnings.hpp"

namespace ltc {

/// An error with a known status.
class Failure : public std::exception {
public:
    Failure(ltc_status status, std::string text) : status(status), text(std::move(text)) {}
    const char *what() const noexcept override { return text.c_str(); }

    const ltc_status status;
    const std::string text;
};

/// Throws Failure(LTC_INVALID_ARGUMENT) if a required pointer is NULL.
void require(const void *pointer, const char *name);

/// The current exception as a Failure, without libtorch's C++ backtrace.
Failure current_failure();

/// Writes the current exception to `*message` and returns its status.
ltc_status report_current_exception(char **message) noexcept;

/// Runs `body` and converts every exception to a status and a message.
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

/// A copy to be freed with ltc_string_free.
char *copy_string(const std::string &string);

/// Copies to be freed with ltc_strings_free.
void copy_strings(const std::vector<std::string> &strings, char ***copies, size_t *count);

}  // namespace ltc
