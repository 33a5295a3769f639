// Calls that read, write and sync the contents of files.
#include "faults.h"

#include <sys/uio.h>

static ssize_t wrote(int file, const void *bytes, size_t size, off_t offset) {
    const int fails = begin("write");
    ssize_t written = -1;
    if (fails <= 0) {
        if (fails < 0) size = (size + 1) / 2;
        struct stat status;
        const off_t start = offset >= 0                                  ? offset
                            : (REAL(fcntl)(file, F_GETFL) & O_APPEND) && fstat(file, &status) == 0 ? status.st_size
                                                                                           : lseek(file, 0, SEEK_CUR);
        written = offset >= 0 ? syscall(SYS_pwrite64, file, bytes, size, offset) : syscall(SYS_write, file, bytes, size);
        if (written >= 0) {
            record("write\t%llu\t%lld\t%zd\t%d\n", inode(file), (long long)start, written, records_data());
            record_data(bytes, (size_t)written);
        }
    }
    done();
    return written;
}

ssize_t write(int file, const void *bytes, size_t size) {
    return tracks(file) ? wrote(file, bytes, size, -1) : syscall(SYS_write, file, bytes, size);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset) {
    return tracks(file) ? wrote(file, bytes, size, offset) : syscall(SYS_pwrite64, file, bytes, size, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t offset) {
    return pwrite(file, bytes, size, offset);
}

ssize_t writev(int file, const struct iovec *parts, int part_count) {
    if (!tracks(file)) return REAL(writev)(file, parts, part_count);
    ssize_t sum = 0;
    for (int i = 0; i < part_count; i++) {
        const ssize_t written = wrote(file, parts[i].iov_base, parts[i].iov_len, -1);
        if (written < 0) return sum > 0 ? sum : written;
        sum += written;
        if ((size_t)written < parts[i].iov_len) break;
    }
    return sum;
}

static ssize_t got(int file, void *bytes, size_t size, off_t offset) {
    const int fails = tracks(file) ? begin("read") : 0;
    ssize_t result = -1;
    if (fails < 0) size = (size + 1) / 2;
    if (fails <= 0) {
        result = offset >= 0 ? syscall(SYS_pread64, file, bytes, size, offset) : syscall(SYS_read, file, bytes, size);
    }
    if (tracks(file)) {
        if (result >= 0) record("read\t%llu\n", inode(file));
        done();
    }
    return result;
}

ssize_t read(int file, void *bytes, size_t size) {
    return got(file, bytes, size, -1);
}

ssize_t pread(int file, void *bytes, size_t size, off_t offset) {
    return got(file, bytes, size, offset);
}

ssize_t pread64(int file, void *bytes, size_t size, off64_t offset) {
    return got(file, bytes, size, offset);
}

int fsync(int file) {
    if (!tracks(file)) return REAL(fsync)(file);
    CALL("sync", REAL(fsync)(file), "sync\t%llu\n", inode(file));
}

int fdatasync(int file) {
    if (!tracks(file)) return REAL(fdatasync)(file);
    CALL("sync", REAL(fdatasync)(file), "sync\t%llu\n", inode(file));
}

int ftruncate(int file, off_t length) {
    if (!tracks(file)) return REAL(ftruncate)(file, length);
    CALL("truncate", REAL(ftruncate)(file, length), "truncate\t%llu\t%lld\n", inode(file), (long long)length);
}

int ftruncate64(int file, off64_t length) {
    return ftruncate(file, length);
}
