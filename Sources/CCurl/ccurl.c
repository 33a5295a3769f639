#include "ccurl.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "head.h"
#include "network.h"

// Remembers the first failure of several calls.
#define SET(option, value)                                       \
    do {                                                         \
        if (code == CURLE_OK) {                                  \
            code = ccurl()->easy_setopt(handle, (option), (value));  \
        }                                                        \
    } while (0)

static CURLcode allow_http_only(CURL *handle) {
    CURLcode code = CURLE_OK;
#if LIBCURL_VERSION_NUM >= 0x075500
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
#else
    SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    return code;
}

static bool is_allowed(ccurl_guard *guard, ccurl_network network) {
    if (network <= guard->innermost) {
        return true;
    }
    guard->refused = network;
    return false;
}

static curl_socket_t open_socket(void *guard, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)purpose;
    if (!is_allowed(guard, ccurl_network_of(&address->addr))) {
        return CURL_SOCKET_BAD;
    }
    const int descriptor = socket(address->family, address->socktype, address->protocol);
    if (descriptor >= 0) {
        fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    }
    return descriptor;
}

static int before_request(void *guard, char *peer, char *local, int peer_port, int local_port) {
    (void)local;
    (void)peer_port;
    (void)local_port;
    return is_allowed(guard, ccurl_network_of_address(peer)) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static CURLcode set_guard(CURL *handle, ccurl_guard *guard) {
    CURLcode code = CURLE_OK;
    SET(CURLOPT_HEADERFUNCTION, ccurl_read_head);
    SET(CURLOPT_HEADERDATA, guard);
    SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(CURLOPT_OPENSOCKETDATA, guard);
    SET(CURLOPT_PREREQFUNCTION, before_request);
    SET(CURLOPT_PREREQDATA, guard);
    return code;
}

static CURLcode configure(CURL *handle, const ccurl_request *request) {
    CURLcode code = allow_http_only(handle);
    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_USERAGENT, request->user_agent);
    SET(CURLOPT_PROXY, request->proxy);
    SET(CURLOPT_NOPROXY, "");
    if (*request->range != '\0') {
        SET(CURLOPT_RANGE, request->range);
    }
    if (code == CURLE_OK) {
        code = set_guard(handle, request->guard);
    }
    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    // Otherwise a transfer that ends during its name lookup would wait for it, and block all others on the thread.
    SET(CURLOPT_QUICK_EXIT, 1L);
#endif
    SET(CURLOPT_CONNECTTIMEOUT_MS, request->connect_timeout_ms);
    SET(CURLOPT_TIMEOUT_MS, request->timeout_ms);
    SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->maximum_bytes);
    SET(CURLOPT_ACCEPT_ENCODING, "identity");
    SET(CURLOPT_HTTP_CONTENT_DECODING, request->decodes ? 1L : 0L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_WRITEFUNCTION, request->receive);
    SET(CURLOPT_WRITEDATA, request->context);
    SET(CURLOPT_ERRORBUFFER, request->message);
    return code;
}

CURLcode ccurl_easy_create(const ccurl_request *request, CURL **result) {
    if (request->message_size < CURL_ERROR_SIZE) {
        return CURLE_BAD_FUNCTION_ARGUMENT;
    }
    CURL *handle = ccurl()->easy_init();
    if (handle == NULL) {
        return CURLE_OUT_OF_MEMORY;
    }
    CURLcode code = configure(handle, request);
    if (code == CURLE_OK) {
        *result = handle;
    } else {
        ccurl()->easy_cleanup(handle);
    }
    return code;
}

// Values unknown to libcurl are 0 or negative.
static int64_t at_least_zero(CURL *handle, CURLINFO info) {
    curl_off_t value = 0;
    CURLcode code = ccurl()->easy_getinfo(handle, info, &value);
    return code == CURLE_OK && value > 0 ? (int64_t)value : 0;
}

long ccurl_status(CURL *handle) {
    long status = 0;
    return ccurl()->easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0;
}

long ccurl_proxy_status(CURL *handle) {
    long status = 0;
    return ccurl()->easy_getinfo(handle, CURLINFO_HTTP_CONNECTCODE, &status) == CURLE_OK ? status : 0;
}

const char *ccurl_redirect(CURL *handle) {
    char *location = NULL;
    return ccurl()->easy_getinfo(handle, CURLINFO_REDIRECT_URL, &location) == CURLE_OK ? location : NULL;
}

ccurl_network ccurl_peer_network(CURL *handle) {
    char *address = NULL;
    CURLcode code = ccurl()->easy_getinfo(handle, CURLINFO_PRIMARY_IP, &address);
    // An unknown server is treated as public, so that it gets no access further inside.
    return code == CURLE_OK && address != NULL && *address != '\0' ? ccurl_network_of_address(address) : CCURL_PUBLIC;
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

int64_t ccurl_duration(CURL *handle) {
    return at_least_zero(handle, CURLINFO_TOTAL_TIME_T);
}

CURLM *ccurl_multi_create(long maximum_connections) {
    CURLM *multi = ccurl()->multi_init();
    if (multi != NULL) {
        ccurl()->multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, maximum_connections);
        ccurl()->multi_setopt(multi, CURLMOPT_MAXCONNECTS, maximum_connections);
    }
    return multi;
}

void ccurl_block_sigpipe(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}
