// Calls that give and take descriptors.
#include "faults.h"

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
