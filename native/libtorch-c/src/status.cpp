#include "status.hpp"

#include <cctype>
#include <cstdlib>
#include <cstring>
#include <new>

#include <c10/util/Exception.h>

namespace ltc {
namespace {

bool starts_like_exception(const std::string &text, size_t line) {
    size_t end = line;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '.' ||
                                 text[end] == '_')) {
        ++end;
    }
    return end > line && text.compare(end, 2, ": ") == 0;
}

/// Removes the interpreter's trace through the module's source, which precedes the error.
std::string without_trace(std::string text) {
    static constexpr char interpreter[] = "The following operation failed in the TorchScript interpreter.";
    static constexpr char here[] = "<--- HERE";
    if (text.rfind(interpreter, 0) == 0) {
        size_t line = text.rfind(here);
        while (line != std::string::npos && (line = text.find('\n', line)) != std::string::npos) {
            ++line;
            if (starts_like_exception(text, line)) {
                text.erase(0, line);
                break;
            }
        }
    }
    if (size_t backtrace = text.find("\nException raised from "); backtrace != std::string::npos) {
        text.erase(backtrace);
    }
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
    return text;
}

/// The interpreter rethrows a module's exceptions as std::runtime_error, so only the text identifies them.
bool says_out_of_memory(const std::string &text) {
    for (const char *phrase : {"can't allocate memory", "CUDA out of memory", "CUDA error: out of memory",
                               "OutOfMemoryError", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED"}) {
        if (text.find(phrase) != std::string::npos) return true;
    }
    return false;
}

Failure torch_failure(const char *what) {
    std::string text = without_trace(what);
    const ltc_status status = says_out_of_memory(text) ? LTC_OUT_OF_MEMORY : LTC_TORCH;
    return Failure(status, std::move(text));
}

}  // namespace

void require(const void *pointer, const char *name) {
    if (!pointer) throw Failure(LTC_INVALID_ARGUMENT, std::string(name) + " is NULL");
}

Failure current_failure() {
    try {
        throw;
    } catch (const Failure &failure) {
        return failure;
    } catch (const c10::OutOfMemoryError &error) {
        return Failure(LTC_OUT_OF_MEMORY, without_trace(error.what_without_backtrace()));
    } catch (const c10::Error &error) {
        return torch_failure(error.what_without_backtrace());
    } catch (const std::bad_alloc &) {
        return Failure(LTC_OUT_OF_MEMORY, "out of memory");
    } catch (const std::exception &error) {
        return torch_failure(error.what());
    } catch (...) {
        return Failure(LTC_INTERNAL, "an exception of unknown type");
    }
}

ltc_status report_current_exception(char **message) noexcept {
    try {
        const Failure failure = current_failure();
        if (message) *message = strdup(failure.what());
        return failure.status;
    } catch (...) {
        return LTC_OUT_OF_MEMORY;
    }
}

char *copy_string(const std::string &string) {
    char *copy = strdup(string.c_str());
    if (!copy) throw std::bad_alloc();
    return copy;
}

void copy_strings(const std::vector<std::string> &strings, char ***copies, size_t *count) {
    // One element more than needed, since calloc(0) may return NULL.
    char **list = static_cast<char **>(calloc(strings.size() + 1, sizeof(char *)));
    if (!list) throw std::bad_alloc();
    for (size_t i = 0; i < strings.size(); ++i) {
        list[i] = strdup(strings[i].c_str());
        if (!list[i]) {
            while (i > 0) free(list[--i]);
            free(list);
            throw std::bad_alloc();
        }
    }
    *copies = list;
    *count = strings.size();
}

}  // namespace ltc
