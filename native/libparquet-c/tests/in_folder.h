// Helpers for tests that write into a folder.
#ifndef IN_FOLDER_H
#define IN_FOLDER_H

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libparquet-c.h"

/// Set by `main` to the program's argument.
static const char *folder;
static char *message = NULL;

#define FAILS(call, status, text) CHECK_FAILS(call, status, text, pqc_string_free)

/// Path of a file in the folder, valid until the next call.
static const char *in_folder(const char *name) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/// Path of a new FIFO without a writer.
static inline const char *make_fifo(const char *name) {
    const char *path = in_folder(name);
    (void)unlink(path);
    CHECK(mkfifo(path, 0600) == 0);
    return path;
}

/// Opens a writer on the file `path`, which is created or emptied.
static inline pqc_status open_writer_at(const char *path, const struct ArrowSchema *schema,
                                        const pqc_writer_options *options, const pqc_key_value *metadata, size_t count,
                                        pqc_writer **writer) {
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const pqc_status status = pqc_writer_open(path, file, schema, options, metadata, count, writer, &message);
    if (file >= 0) close(file);
    return status;
}

#endif
