#include "status.hpp"

#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>

#include <arrow/util/io_util.h>
#include <parquet/exception.h>

namespace pqc {

void require(const void *pointer, const char *name) {
    if (!pointer) throw Failure(PQC_INVALID_ARGUMENT, std::string(name) + " is NULL");
}

std::string describe(const arrow::Status &status, const Action &action) {
    const std::string subject = action.path + ": cannot " + action.verb + ": ";
    if (const int number = arrow::internal::ErrnoFromStatus(status)) return subject + std::strerror(number);
    std::string reason = status.message();
    while (!reason.empty() && std::isspace(static_cast<unsigned char>(reason.back()))) reason.pop_back();
    return subject + reason;
}

void check(const arrow::Status &status, const Action &action) {
    if (status.ok()) return;
    pqc_status code = action.otherwise;
    if (status.IsOutOfMemory()) {
        code = PQC_OUT_OF_MEMORY;
    } else if (const int number = arrow::internal::ErrnoFromStatus(status)) {
        code = number == ENOENT ? PQC_NOT_FOUND : PQC_IO;
    }
    throw Failure(code, describe(status, action));
}

pqc_status report_current_exception(char **message) noexcept {
    const auto report = [message](pqc_status status, const char *text) {
        if (message) *message = strdup(text);
        return status;
    };
    try {
        throw;
    } catch (const Failure &failure) {
        return report(failure.status, failure.what());
    } catch (const std::bad_alloc &) {
        return report(PQC_OUT_OF_MEMORY, "out of memory");
    } catch (const parquet::ParquetException &error) {
        return report(PQC_FORMAT, error.what());
    } catch (const std::exception &error) {
        return report(PQC_INTERNAL, error.what());
    } catch (...) {
        return report(PQC_INTERNAL, "an exception of unknown type");
    }
}

}  // namespace pqc
