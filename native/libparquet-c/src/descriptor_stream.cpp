#include "descriptor_stream.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <arrow/status.h>
#include <arrow/util/io_util.h>

namespace pqc {
namespace {

/// The largest count that every system reads and writes at once.
constexpr int64_t largest_transfer = 1 << 30;

/// Repeats a call that was interrupted, or whose descriptor was not ready: a pipe may be non-blocking.
template <typename Call> arrow::Result<int64_t> transfer(int descriptor, short event, const char *name, Call &&call) {
    while (true) {
        const ssize_t count = call();
        if (count >= 0) return count;
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return arrow::internal::IOErrorFromErrno(errno, name);
        pollfd waiting{descriptor, event, 0};
        if (poll(&waiting, 1, -1) < 0 && errno != EINTR) return arrow::internal::IOErrorFromErrno(errno, "poll");
    }
}

}  // namespace

arrow::Status DescriptorInput::Close() {
    is_closed = true;
    return arrow::Status::OK();
}

arrow::Result<int64_t> DescriptorInput::Read(int64_t count, void *bytes) {
    if (count > maximum) {
        return arrow::Status::CapacityError("a message of ", count, " bytes is larger than the maximum of ", maximum);
    }
    int64_t filled = 0;
    while (filled < count) {
        char *const rest = static_cast<char *>(bytes) + filled;
        const size_t wanted = static_cast<size_t>(std::min(count - filled, largest_transfer));
        ARROW_ASSIGN_OR_RAISE(const int64_t read, transfer(descriptor, POLLIN, "read", [&] {
                                  return ::read(descriptor, rest, wanted);
                              }));
        if (read == 0) break;
        filled += read;
    }
    position += filled;
    return filled;
}

arrow::Result<std::shared_ptr<arrow::Buffer>> DescriptorInput::Read(int64_t count) {
    const int64_t allocated = count <= maximum ? count : 0;
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(allocated));
    ARROW_ASSIGN_OR_RAISE(const int64_t filled, Read(count, buffer->mutable_data()));
    ARROW_RETURN_NOT_OK(buffer->Resize(filled, false));
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
}

arrow::Status DescriptorOutput::Close() {
    is_closed = true;
    return arrow::Status::OK();
}

arrow::Status DescriptorOutput::Write(const void *bytes, int64_t count) {
    for (int64_t written = 0; written < count;) {
        const char *const rest = static_cast<const char *>(bytes) + written;
        const size_t wanted = static_cast<size_t>(std::min(count - written, largest_transfer));
        ARROW_ASSIGN_OR_RAISE(const int64_t sent, transfer(descriptor, POLLOUT, "write", [&] {
                                  return ::write(descriptor, rest, wanted);
                              }));
        written += sent;
        position += sent;
    }
    return arrow::Status::OK();
}

}  // namespace pqc
