// Stands between a program and the C library, for files under one folder: makes one call fail, and records what is called.
//
// Preloaded with LD_PRELOAD and told what to do by the environment:
//   FAULTS_FOLDER  the absolute path of the folder; files elsewhere are not touched
//   FAULTS_LOG     a file to append records to
//   FAULTS_DATA    set: the records have the bytes that were written
//   FAULTS_KIND    open, read, write, sync, rename, unlink, truncate, mmap, mkdir or lock: which calls are counted
//   FAULTS_NUMBER  which of them fails, from 1; 0 for none
//   FAULTS_ERRNO   the error, as a number; 0 for a write of half the bytes
//   FAULTS_BLIND   set: all locks are free, as on file systems that do not show the locks of other computers
//
// A record is a line, followed by bytes if it says so: its words are separated by tabs, and paths are relative to the folder.
// Each counted call has a record `begun` with its kind first; one that fails by itself, too.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 65536
#define REAL(name) ((__typeof__(&name))real(#name))

static const char *folder, *kind_to_fail;
static size_t folder_length;
static int log_file = -1, has_data, is_blind;
static long number, failure_errno, count;
static int is_tracked[MOST_FILES];
static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *real(const char *name) {
    void *symbol = dlsym(RTLD_NEXT, name);
    if (!symbol) abort();
    return symbol;
}

static void prepare(void) {
    folder = getenv("FAULTS_FOLDER");
    if (!folder) return;
    folder_length = strlen(folder);
    kind_to_fail = getenv("FAULTS_KIND");
    has_data = getenv("FAULTS_DATA") != NULL;
    is_blind = getenv("FAULTS_BLIND") != NULL;
    if (getenv("FAULTS_NUMBER")) number = atol(getenv("FAULTS_NUMBER"));
    if (getenv("FAULTS_ERRNO")) failure_errno = atol(getenv("FAULTS_ERRNO"));
    const char *log = getenv("FAULTS_LOG");
    if (log) log_file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/// The absolute path if it is that of the folder or of something in it, relative to the folder; otherwise NULL.
static const char *inside(const char *path, char *buffer) {
    pthread_once(&once, prepare);
    if (!folder || !path) return NULL;
    size_t length = 0;
    if (path[0] != '/') {
        if (syscall(SYS_getcwd, buffer, PATH_MAX) < 0) return NULL;
        length = strlen(buffer);
        buffer[length++] = '/';
    }
    if (length + strlen(path) >= PATH_MAX) return NULL;
    strcpy(buffer + length, path);
    if (strncmp(buffer, folder, folder_length) != 0) return NULL;
    const char *rest = buffer + folder_length;
    if (*rest != '/' && *rest != '\0') return NULL;
    while (*rest == '/') rest++;
    return *rest ? rest : ".";
}

static int tracks(int file) {
    return file >= 0 && file < MOST_FILES && is_tracked[file];
}

static void track(int file, int value) {
    if (file >= 0 && file < MOST_FILES) is_tracked[file] = value;
}

static unsigned long long inode(int file) {
    struct stat status;
    return fstat(file, &status) == 0 ? status.st_ino : 0;
}

static void put(const void *bytes, size_t size) {
    while (size > 0) {
        const ssize_t written = syscall(SYS_write, log_file, bytes, size);
        if (written <= 0) return;
        bytes = (const char *)bytes + written;
        size -= (size_t)written;
    }
}

__attribute__((format(printf, 1, 2))) static void record(const char *format, ...) {
    if (log_file < 0) return;
    char line[2 * PATH_MAX + 128];
    va_list values;
    va_start(values, format);
    const int length = vsnprintf(line, sizeof line, format, values);
    va_end(values);
    put(line, (size_t)length);
}

/// Whether this call is the one to fail; -1 for a short write. Holds the mutex from here to `done`.
static int begin(const char *kind) {
    pthread_mutex_lock(&mutex);
    record("begun\t%s\n", kind);
    if (!kind_to_fail || strcmp(kind, kind_to_fail) != 0 || ++count != number) return 0;
    if (failure_errno == 0) {
        record("short\t%s\n", kind);
        return -1;
    }
    record("failed\t%s\t%ld\n", kind, failure_errno);
    errno = (int)failure_errno;
    return 1;
}

static void done(void) {
    const int error = errno;
    pthread_mutex_unlock(&mutex);
    errno = error;
}

static int opened(int (*call)(int, const char *, int, ...), int at, const char *path, int flags, mode_t mode) {
    char buffer[PATH_MAX];
    const char *name = at == AT_FDCWD || (path && path[0] == '/') ? inside(path, buffer) : NULL;
    if (!name) {
        const int file = call(at, path, flags, mode);
        track(file, 0);
        return file;
    }
    int file = -1;
    if (!begin("open")) {
        struct stat status;
        const int is_new = (flags & O_CREAT) && lstat(path, &status) != 0;
        file = call(at, path, flags, mode);
        track(file, 1);
        if (file >= 0 && is_new) record("create\t%llu\t%s\n", inode(file), name);
        else if (file >= 0) record("open\t%llu\t%s\n", inode(file), name);
        if (file >= 0 && !is_new && (flags & O_TRUNC)) record("truncate\t%llu\t0\n", inode(file));
    }
    done();
    return file;
}

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        va_list values;                                                                                                \
        va_start(values, flags);                                                                                       \
        const mode_t mode = va_arg(values, mode_t);                                                                    \
        va_end(values);                                                                                                \
        return opened(REAL(openat), AT_FDCWD, path, flags, mode);                                                      \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                                                   \
    int name(int at, const char *path, int flags, ...) {                                                               \
        va_list values;                                                                                                \
        va_start(values, flags);                                                                                       \
        const mode_t mode = va_arg(values, mode_t);                                                                    \
        va_end(values);                                                                                                \
        return opened(REAL(openat), at, path, flags, mode);                                                            \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int file) {
    track(file, 0);
    return REAL(close)(file);
}

int dup(int file) {
    const int copy = REAL(dup)(file);
    track(copy, tracks(file));
    return copy;
}

#define FCNTL(name)                                                                                                    \
    int name(int file, int command, ...) {                                                                             \
        va_list values;                                                                                                \
        va_start(values, command);                                                                                     \
        void *value = va_arg(values, void *);                                                                          \
        va_end(values);                                                                                                \
        const int result = REAL(fcntl)(file, command, value);                                                          \
        if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) track(result, tracks(file));                             \
        return result;                                                                                                 \
    }
FCNTL(fcntl)
FCNTL(fcntl64)

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
            record("write\t%llu\t%lld\t%zd\t%d\n", inode(file), (long long)start, written, has_data);
            if (has_data && log_file >= 0) put(bytes, (size_t)written);
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

#define CALL(kind, call, ...)                                                                                          \
    int status = -1;                                                                                                   \
    if (begin(kind) <= 0) {                                                                                            \
        status = call;                                                                                                 \
        if (status == 0) record(__VA_ARGS__);                                                                          \
    }                                                                                                                  \
    done();                                                                                                            \
    return status

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

int rename(const char *from, const char *to) {
    char from_buffer[PATH_MAX], to_buffer[PATH_MAX];
    const char *old = inside(from, from_buffer), *new = inside(to, to_buffer);
    if (!old || !new) return REAL(rename)(from, to);
    CALL("rename", REAL(rename)(from, to), "rename\t%s\t%s\n", old, new);
}

int renameat2(int at, const char *from, int to_at, const char *to, unsigned flags) {
    char from_buffer[PATH_MAX], to_buffer[PATH_MAX];
    const char *old = inside(from, from_buffer), *new = inside(to, to_buffer);
    if (!old || !new) return REAL(renameat2)(at, from, to_at, to, flags);
    CALL("rename", REAL(renameat2)(at, from, to_at, to, flags), "rename\t%s\t%s\n", old, new);
}

int link(const char *from, const char *to) {
    char from_buffer[PATH_MAX], to_buffer[PATH_MAX];
    const char *old = inside(from, from_buffer), *new = inside(to, to_buffer);
    if (!old || !new) return REAL(link)(from, to);
    CALL("rename", REAL(link)(from, to), "link\t%s\t%s\n", old, new);
}

int linkat(int at, const char *from, int to_at, const char *to, int flags) {
    char from_buffer[PATH_MAX], to_buffer[PATH_MAX];
    const char *old = inside(from, from_buffer), *new = inside(to, to_buffer);
    if (!old || !new) return REAL(linkat)(at, from, to_at, to, flags);
    CALL("rename", REAL(linkat)(at, from, to_at, to, flags), "link\t%s\t%s\n", old, new);
}

int unlink(const char *path) {
    char buffer[PATH_MAX];
    const char *name = inside(path, buffer);
    if (!name) return REAL(unlink)(path);
    CALL("unlink", REAL(unlink)(path), "unlink\t%s\n", name);
}

int mkdir(const char *path, mode_t mode) {
    char buffer[PATH_MAX];
    const char *name = inside(path, buffer);
    if (!name) return REAL(mkdir)(path, mode);
    CALL("mkdir", REAL(mkdir)(path, mode), "mkdir\t%s\n", name);
}

int flock(int file, int operation) {
    int (*call)(int, int) = (int (*)(int, int))real("flock");
    if (!tracks(file)) return call(file, operation);
    CALL("lock", is_blind ? 0 : call(file, operation), "lock\t%llu\n", inode(file));
}

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
    if (!tracks(file)) return (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
    void *mapped = MAP_FAILED;
    if (begin("mmap") <= 0) {
        mapped = (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
        record("mmap\t%llu\n", inode(file));
    }
    done();
    return mapped;
}

void *mmap64(void *address, size_t size, int protection, int flags, int file, off64_t offset) {
    return mmap(address, size, protection, flags, file, offset);
}

// The C library's streams write without calling `write` by its name: those on files of the folder become streams that do.

static ssize_t write_stream(void *cookie, const char *bytes, size_t size) {
    const ssize_t written = write((int)(long)cookie, bytes, size);
    return written < 0 ? 0 : written;
}

static ssize_t read_stream(void *cookie, char *bytes, size_t size) {
    return read((int)(long)cookie, bytes, size);
}

static int close_stream(void *cookie) {
    return close((int)(long)cookie);
}

static FILE *streams[64];
static int stream_files[64];

FILE *fdopen(int file, const char *mode) {
    if (!tracks(file)) return REAL(fdopen)(file, mode);
    FILE *stream = fopencookie((void *)(long)file, mode,
                               (cookie_io_functions_t){.read = read_stream, .write = write_stream, .close = close_stream});
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < 64; i++) {
        if (streams[i] && streams[i] != stream) continue;
        streams[i] = stream;
        stream_files[i] = file;
        break;
    }
    pthread_mutex_unlock(&mutex);
    return stream;
}

int fclose(FILE *stream) {
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < 64; i++) {
        if (streams[i] == stream) streams[i] = NULL;
    }
    pthread_mutex_unlock(&mutex);
    return REAL(fclose)(stream);
}

int fileno(FILE *stream) {
    for (int i = 0; i < 64; i++) {
        if (streams[i] == stream && stream) return stream_files[i];
    }
    return REAL(fileno)(stream);
}
