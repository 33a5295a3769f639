// What Swift cannot call of libcurl: functions with variable arguments. All else is called directly.
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

typedef struct ccurl_request {
    const char *url;
    const char *user_agent;
    // NULL for what the environment says, empty for none.
    const char *_Nullable proxy;
    long maximum_redirects;
    long connect_timeout_ms;
    long timeout_ms;
    // A body whose announced length is larger fails with CURLE_FILESIZE_EXCEEDED before it is received.
    int64_t maximum_bytes;
    // Takes a piece of the body (size is 1) and returns its length, or less to fail with CURLE_WRITE_ERROR.
    size_t (*receive)(char *data, size_t size, size_t count, void *context);
    // Given to receive; must live as long as the handle.
    void *context;
    // CURL_ERROR_SIZE bytes for libcurl's explanation of a failure; must live as long as the handle.
    char *message;
} ccurl_request;

// Makes a handle for one GET over HTTP or HTTPS, to be freed with curl_easy_cleanup. The texts are copied. On failure
// there is no handle.
CURLcode ccurl_easy_create(const ccurl_request *request, CURL *_Nullable *_Nonnull handle);

// The status of the latest response, or 0 before there is one.
long ccurl_status(CURL *handle);

// The seconds that a Retry-After field asks to wait, or 0 when there is none or it is over.
int64_t ccurl_retry_after(CURL *handle);

// The length that the response announces, or 0.
int64_t ccurl_content_length(CURL *handle);

// Microseconds from the start until the connection stood and the request could be sent, or 0 before that.
int64_t ccurl_connected_after(CURL *handle);

// Makes a multi handle that opens at most so many connections, and keeps as many open for later transfers; NULL where
// there is no memory.
CURLM *_Nullable ccurl_multi_create(long maximum_connections);

// Keeps SIGPIPE from this thread: writing to a closed connection is an error that libcurl reports.
void ccurl_block_sigpipe(void);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
