// libcurl itself, opened on first use: it loads 25 libraries, which a program that reads no URLs does not need.
#ifndef CCURL_LIBRARY_H
#define CCURL_LIBRARY_H

#include <curl/curl.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

// The functions that are called, without the prefix `curl_`. Swift sees those without variable arguments.
#define CCURL_FUNCTIONS(each) \
    each(easy_cleanup)        \
    each(easy_getinfo)        \
    each(easy_init)           \
    each(easy_setopt)         \
    each(easy_strerror)       \
    each(free)                \
    each(global_init)         \
    each(multi_add_handle)    \
    each(multi_cleanup)       \
    each(multi_info_read)     \
    each(multi_init)          \
    each(multi_perform)       \
    each(multi_poll)          \
    each(multi_remove_handle) \
    each(multi_setopt)        \
    each(multi_wakeup)        \
    each(url)                 \
    each(url_cleanup)         \
    each(url_get)             \
    each(url_set)             \
    each(url_strerror)        \
    each(version)

typedef struct ccurl_functions {
#define CCURL_FIELD(name) __typeof__(curl_##name) *name;
    CCURL_FUNCTIONS(CCURL_FIELD)
#undef CCURL_FIELD
} ccurl_functions;

// Opens libcurl unless it is already open, on any thread. Returns NULL on failure, with the reason in `message`; the
// next call tries again.
const ccurl_functions *_Nullable ccurl_open(char *message, size_t message_size);

// The functions of libcurl; valid only after `ccurl_open` has succeeded.
const ccurl_functions *ccurl(void);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
