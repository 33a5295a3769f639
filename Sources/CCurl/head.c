#include "head.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

// The value of a header line, without the spaces around it, if the line is that header's; NULL otherwise.
static const char *header_value(const char *name, const char *line, size_t length, size_t *value_length) {
    const size_t name_length = strlen(name);
    if (length < name_length || strncasecmp(line, name, name_length) != 0) {
        return NULL;
    }
    const char *start = line + name_length;
    const char *end = line + length;
    while (start < end && isspace((unsigned char)*start)) ++start;
    while (end > start && isspace((unsigned char)end[-1])) --end;
    *value_length = (size_t)(end - start);
    return start;
}

// Reads "bytes 0-499/1234" or "bytes 0-499/*", the part of a file that a response brings.
static void read_range(const char *value, size_t length, ccurl_guard *guard) {
    static const char unit[] = "bytes ";
    const size_t unit_length = sizeof unit - 1;
    char text[128];
    if (length < unit_length || length >= sizeof text || strncasecmp(value, unit, unit_length) != 0) {
        return;
    }
    memcpy(text, value, length);
    text[length] = '\0';
    long long first = -1, last = -1, total = -1;
    const int count = sscanf(text + unit_length, "%lld-%lld/%lld", &first, &last, &total);
    if (count < 2 || first < 0 || last < first || (count == 3 && total <= last)) {
        return;
    }
    guard->first_byte = first;
    guard->last_byte = last;
    guard->file_bytes = total;
}

void ccurl_guard_begin_response(ccurl_guard *guard) {
    guard->is_compressed = false;
    guard->first_byte = -1;
    guard->last_byte = -1;
    guard->file_bytes = -1;
    guard->etag[0] = '\0';
}

size_t ccurl_read_head(char *data, size_t size, size_t count, void *context) {
    ccurl_guard *guard = context;
    const size_t length = size * count;
    guard->head_bytes += length;
    if (length >= 5 && strncmp(data, "HTTP/", 5) == 0) {
        ccurl_guard_begin_response(guard);
    }
    size_t value_length = 0;
    const char *value = header_value("content-range:", data, length, &value_length);
    if (value != NULL) {
        read_range(value, value_length, guard);
    }
    if (header_value("content-encoding:", data, length, &value_length) != NULL) {
        guard->is_compressed = true;
    }
    value = header_value("etag:", data, length, &value_length);
    if (value != NULL && value_length < sizeof guard->etag) {
        memcpy(guard->etag, value, value_length);
        guard->etag[value_length] = '\0';
    }
    return guard->head_bytes <= CCURL_MAXIMUM_HEAD_BYTES ? length : 0;
}
