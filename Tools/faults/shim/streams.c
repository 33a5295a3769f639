// Streams of the C library, which do not call `open`, `read` and `write` by their names: those on files of the folder become
// streams that do.
#include "faults.h"

#define MOST_STREAMS 64

static FILE *streams[MOST_STREAMS];
static int stream_files[MOST_STREAMS];

static ssize_t write_stream(void *cookie, const char *bytes, size_t size) {
    const ssize_t written = write((int)(long)cookie, bytes, size);
    return written < 0 ? 0 : written;
}

static ssize_t read_stream(void *cookie, char *bytes, size_t size) {
    return read((int)(long)cookie, bytes, size);
}

static int seek_stream(void *cookie, off64_t *offset, int whence) {
    const off64_t position = lseek64((int)(long)cookie, *offset, whence);
    if (position < 0) return -1;
    *offset = position;
    return 0;
}

static int close_stream(void *cookie) {
    return close((int)(long)cookie);
}

FILE *fdopen(int file, const char *mode) {
    if (!tracks(file)) return REAL(fdopen)(file, mode);
    FILE *stream = fopencookie((void *)(long)file, mode,
                               (cookie_io_functions_t){read_stream, write_stream, seek_stream, close_stream});
    lock_shim();
    for (int i = 0; i < MOST_STREAMS; i++) {
        if (streams[i] && streams[i] != stream) continue;
        streams[i] = stream;
        stream_files[i] = file;
        break;
    }
    unlock_shim();
    return stream;
}

static FILE *opened(FILE *(*call)(const char *, const char *), const char *path, const char *mode) {
    char buffer[PATH_MAX];
    if (!inside(path, buffer)) return call(path, mode);
    const int is_update = strchr(mode, '+') != NULL;
    int flags = is_update ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
    if (mode[0] == 'w') flags |= O_CREAT | O_TRUNC;
    if (mode[0] == 'a') flags |= O_CREAT | O_APPEND;
    const int file = open(path, flags, 0666);
    return file < 0 ? NULL : fdopen(file, mode);
}

FILE *fopen(const char *path, const char *mode) {
    return opened(REAL(fopen), path, mode);
}

FILE *fopen64(const char *path, const char *mode) {
    return opened(REAL(fopen64), path, mode);
}

int fclose(FILE *stream) {
    lock_shim();
    for (int i = 0; i < MOST_STREAMS; i++) {
        if (streams[i] == stream) streams[i] = NULL;
    }
    unlock_shim();
    return REAL(fclose)(stream);
}

int fileno(FILE *stream) {
    for (int i = 0; i < MOST_STREAMS; i++) {
        if (streams[i] == stream && stream) return stream_files[i];
    }
    return REAL(fileno)(stream);
}
