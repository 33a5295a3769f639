#include "file_output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include <arrow/status.h>
#include <arrow/util/io_util.h>

namespace pqc {

std::string FileOutput::take_held() {
    holds = false;
    return std::exchange(held, {});
}

void FileOutput::start_writing() const {
#ifdef __linux__
    (void)sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
}

arrow::Status FileOutput::sync() const {
    while (fsync(descriptor) != 0) {
        if (errno == EINVAL) break;
        if (errno != EINTR) return arrow::internal::IOErrorFromErrno(errno, "fsync");
    }
    return arrow::Status::OK();
}

arrow::Status FileOutput::Close() {
    if (std::exchange(is_closed, true)) return arrow::Status::OK();
    // The descriptor is closed even if a signal interrupts the call.
    if (::close(descriptor) == 0 || errno == EINTR) return arrow::Status::OK();
    return arrow::internal::IOErrorFromErrno(errno, "close");
}

arrow::Result<int64_t> FileOutput::Tell() const {
    ARROW_ASSIGN_OR_RAISE(const int64_t position, output.Tell());
    return position + static_cast<int64_t>(held.size());
}

arrow::Status FileOutput::Write(const void *bytes, int64_t count) {
    if (is_closed) return arrow::Status::Invalid("the file is closed");
    if (!holds) return output.Write(bytes, count);
    held.append(static_cast<const char *>(bytes), static_cast<size_t>(count));
    return arrow::Status::OK();
}

}  // namespace pqc
