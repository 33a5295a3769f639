// What the files of the shim share; see faults.c.
#pragma once

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/// The C library's function of a name, which the shim defines again.
#define REAL(name) ((__typeof__(&name))real(#name))

void *real(const char *name);

/// The path of something in the folder, relative to it; NULL for what is elsewhere. `buffer` has PATH_MAX bytes.
const char *inside(const char *path, char *buffer);

/// Whether an open file is one of the folder.
int tracks(int file);
void track(int file, int value);

unsigned long long inode(int file);

/// Whether locks are those of a file system that does not show them to other computers.
int is_blind(void);

/// Appends a line to the log, and bytes if the log is to have them.
__attribute__((format(printf, 1, 2))) void record(const char *format, ...);
int records_data(void);
void record_data(const void *bytes, size_t size);

/// Whether this call is the one to fail; -1 if it does half of its work. Holds a lock from here to `done`.
int begin(const char *kind);
void done(void);

void lock_shim(void);
void unlock_shim(void);

/// The body of a function that returns 0 after success, of which there is a record then.
#define CALL(kind, call, ...)                                                                                          \
    int status = -1;                                                                                                   \
    if (begin(kind) <= 0) {                                                                                            \
        status = call;                                                                                                 \
        if (status == 0) record(__VA_ARGS__);                                                                          \
    }                                                                                                                  \
    done();                                                                                                            \
    return status
