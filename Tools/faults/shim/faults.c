// Stands between a program and the C library, for files under one folder: makes one call fail, and records what is called.
//
// Preloaded with LD_PRELOAD and told what to do by the environment:
//   FAULTS_FOLDER  the absolute path of the folder; files elsewhere are not touched
//   FAULTS_LOG     a file to append records to
//   FAULTS_DATA    set: the records have the bytes that were written
//   FAULTS_KIND    open, read, write, sync, rename, unlink, truncate, mmap, memory, mkdir or lock: which calls are counted
//   FAULTS_NUMBER  which of them fails, from 1; 0 for none
//   FAULTS_ERRNO   the error, as a number; 0 for half of the bytes; -1 to stop the process before the call
//   FAULTS_BLIND   set: all locks are free, as on file systems that do not show the locks of other computers
//
// A record is a line, followed by bytes if it says so: its words are separated by tabs, and paths are relative to the folder.
// Each counted call has a record `begun` with its kind first; one that fails by itself, too.
#include "faults.h"

#include <pthread.h>
#include <signal.h>

#define MOST_FILES 65536

static const char *folder, *kind_to_fail;
static size_t folder_length;
static int log_file = -1, has_data, sees_no_locks;
static long number, failure_errno, count;
static int is_tracked[MOST_FILES];
static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_once_t once = PTHREAD_ONCE_INIT;

void *real(const char *name) {
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
    sees_no_locks = getenv("FAULTS_BLIND") != NULL;
    if (getenv("FAULTS_NUMBER")) number = atol(getenv("FAULTS_NUMBER"));
    if (getenv("FAULTS_ERRNO")) failure_errno = atol(getenv("FAULTS_ERRNO"));
    const char *log = getenv("FAULTS_LOG");
    if (log) log_file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

const char *inside(const char *path, char *buffer) {
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

int tracks(int file) {
    return file >= 0 && file < MOST_FILES && is_tracked[file];
}

void track(int file, int value) {
    if (file >= 0 && file < MOST_FILES) is_tracked[file] = value;
}

unsigned long long inode(int file) {
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

void record(const char *format, ...) {
    if (log_file < 0) return;
    char line[2 * PATH_MAX + 128];
    va_list values;
    va_start(values, format);
    const int length = vsnprintf(line, sizeof line, format, values);
    va_end(values);
    put(line, (size_t)length);
}

int records_data(void) {
    return has_data && log_file >= 0;
}

void record_data(const void *bytes, size_t size) {
    if (records_data()) put(bytes, size);
}

int is_blind(void) {
    return sees_no_locks;
}

int begin(const char *kind) {
    pthread_once(&once, prepare);
    lock_shim();
    record("begun\t%s\n", kind);
    if (!kind_to_fail || strcmp(kind, kind_to_fail) != 0 || ++count != number) return 0;
    if (failure_errno < 0) {
        record("stopped\t%s\n", kind);
        // To this thread: to the process, the signal may reach another one first.
        raise(SIGSTOP);
        return 0;
    }
    if (failure_errno == 0) {
        record("short\t%s\n", kind);
        return -1;
    }
    record("failed\t%s\t%ld\n", kind, failure_errno);
    errno = (int)failure_errno;
    return 1;
}

void done(void) {
    const int error = errno;
    unlock_shim();
    errno = error;
}

void lock_shim(void) {
    pthread_mutex_lock(&mutex);
}

void unlock_shim(void) {
    pthread_mutex_unlock(&mutex);
}
