// Calls that change names, and locks.
#include "faults.h"

#include <sys/file.h>

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
    if (!tracks(file)) return REAL(flock)(file, operation);
    CALL("lock", is_blind() ? 0 : REAL(flock)(file, operation), "lock\t%llu\n", inode(file));
}
