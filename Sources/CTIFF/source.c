#include "source.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static tmsize_t read_bytes(thandle_t handle, void *target, tmsize_t count) {
    ctiff_file *file = handle;
    if (count <= 0 || file->position >= file->size) {
        return 0;
    }
    uint64_t rest = file->size - file->position;
    uint64_t part = (uint64_t)count < rest ? (uint64_t)count : rest;
    memcpy(target, file->data + file->position, part);
    file->position += part;
    return (tmsize_t)part;
}

static tmsize_t write_bytes(thandle_t handle, void *source, tmsize_t count) {
    (void)handle;
    (void)source;
    (void)count;
    return 0;
}

static toff_t seek(thandle_t handle, toff_t offset, int origin) {
    ctiff_file *file = handle;
    switch (origin) {
    case SEEK_SET:
        file->position = offset;
        break;
    case SEEK_CUR:
        file->position += offset;
        break;
    default:
        file->position = file->size + offset;
        break;
    }
    return file->position;
}

static int close_nothing(thandle_t handle) {
    (void)handle;
    return 0;
}

static toff_t size_of(thandle_t handle) {
    ctiff_file *file = handle;
    return file->size;
}

// The file is in memory already, so libtiff decodes from it and copies nothing.
static int map(thandle_t handle, void **base, toff_t *size) {
    ctiff_file *file = handle;
    *base = (void *)(uintptr_t)file->data;
    *size = file->size;
    return 1;
}

static void unmap(thandle_t handle, void *base, toff_t size) {
    (void)handle;
    (void)base;
    (void)size;
}

// The first message is about the cause, and later ones are about its consequences.
static void keep_first(char *message, size_t size, const char *format, va_list arguments) {
    if (message[0] == 0) {
        vsnprintf(message, size, format, arguments);
    }
}

static int keep_message(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments) {
    ctiff_file *file = context;
    (void)tiff;
    (void)module;
    va_list copy;
    va_copy(copy, arguments);
    keep_first(file->message, sizeof(file->message), format, copy);
    va_end(copy);
    if (file->is_open) {
        keep_first(file->damage, sizeof(file->damage), format, arguments);
    }
    return 1;
}

// Warnings about the directory are ignored: what it lacks has defaults.
static int keep_warning(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments) {
    ctiff_file *file = context;
    (void)tiff;
    (void)module;
    if (file->is_open) {
        keep_first(file->damage, sizeof(file->damage), format, arguments);
    }
    return 1;
}

TIFF *ctiff_open_tiff(ctiff_file *file, size_t maximum_allocation) {
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (options == NULL) {
        return NULL;
    }
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)maximum_allocation);
    TIFFOpenOptionsSetErrorHandlerExtR(options, keep_message, file);
    TIFFOpenOptionsSetWarningHandlerExtR(options, keep_warning, file);
    TIFF *tiff = TIFFClientOpenExt(
        "image", "r", file, read_bytes, write_bytes, seek, close_nothing, size_of, map, unmap, options
    );
    TIFFOpenOptionsFree(options);
    return tiff;
}
