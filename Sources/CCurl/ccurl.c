#include "ccurl.h"

#include <signal.h>

// Remembers the first failure of several calls.
#define SET(option, value)                                       \
    do {                                                         \
        if (code == CURLE_OK) {                                  \
            code = curl_easy_setopt(handle, (option), (value));  \
        }                                                        \
    } while (0)

static CURLcode allow_http_only(CURL *handle) {
    CURLcode code = CURLE_OK;
#if LIBCURL_VERSION_NUM >= 0x075500
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
    SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    SET(CURLOPT_REDIR_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    return code;
}

static CURLcode configure(CURL *handle, const ccurl_request *request) {
    CURLcode code = allow_http_only(handle);
    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_USERAGENT, request->user_agent);
    if (request->proxy != NULL) {
        SET(CURLOPT_PROXY, request->proxy);
    }
    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(CURLOPT_FOLLOWLOCATION, 1L);
    SET(CURLOPT_MAXREDIRS, request->maximum_redirects);
    SET(CURLOPT_CONNECTTIMEOUT_MS, request->connect_timeout_ms);
    SET(CURLOPT_TIMEOUT_MS, request->timeout_ms);
    SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->maximum_bytes);
    SET(CURLOPT_ACCEPT_ENCODING, "identity");
    SET(CURLOPT_HTTP_CONTENT_DECODING, 0L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_WRITEFUNCTION, request->receive);
    SET(CURLOPT_WRITEDATA, request->context);
    SET(CURLOPT_ERRORBUFFER, request->message);
    return code;
}

CURLcode ccurl_easy_create(const ccurl_request *request, CURL **result) {
    CURL *handle = curl_easy_init();
    if (handle == NULL) {
        return CURLE_OUT_OF_MEMORY;
    }
    CURLcode code = configure(handle, request);
    if (code == CURLE_OK) {
        *result = handle;
    } else {
        curl_easy_cleanup(handle);
    }
    return code;
}

// Values that libcurl does not know are 0 or negative.
static int64_t at_least_zero(CURL *handle, CURLINFO info) {
    curl_off_t value = 0;
    CURLcode code = curl_easy_getinfo(handle, info, &value);
    return code == CURLE_OK && value > 0 ? (int64_t)value : 0;
}

long ccurl_status(CURL *handle) {
    long status = 0;
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0;
}

int64_t ccurl_retry_after(CURL *handle) {
    return at_least_zero(handle, CURLINFO_RETRY_AFTER);
}

int64_t ccurl_content_length(CURL *handle) {
    return at_least_zero(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
}

int64_t ccurl_connected_after(CURL *handle) {
    return at_least_zero(handle, CURLINFO_PRETRANSFER_TIME_T);
}

CURLM *ccurl_multi_create(long maximum_connections) {
    CURLM *multi = curl_multi_init();
    if (multi != NULL) {
        curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, maximum_connections);
        curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, maximum_connections);
    }
    return multi;
}

void ccurl_block_sigpipe(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}
