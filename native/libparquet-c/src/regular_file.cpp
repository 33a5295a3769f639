#include "regular_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include <arrow/util/io_util.h>

#include "status.hpp"

namespace pqc {

std::shared_ptr<arrow::io::ReadableFile> open_regular_file(const std::string &path) {
    const Action action{path, "open", PQC_IO};
    int descriptor;
    do {
        descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    } while (descriptor < 0 && errno == EINTR);
    arrow::internal::FileDescriptor file(descriptor);
    struct stat status;
    if (file.fd() < 0 || fstat(file.fd(), &status) != 0) check(arrow::internal::IOErrorFromErrno(errno, "open"), action);
    if (!S_ISREG(status.st_mode)) {
        const char *kind = S_ISDIR(status.st_mode) ? "a folder" : "not a regular file";
        throw Failure(PQC_IO, path + ": cannot open: it is " + kind);
    }
    return check(arrow::io::ReadableFile::Open(file.Detach()), action);
}

}  // namespace pqc
