// What Swift cannot call of libcurl: functions with variable arguments. All else is called by Swift.
// And in which network a server stands, which is asked when libcurl connects.
#ifndef CCURL_H
#define CCURL_H

#include "ccurl_library.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

// Where an address leads, from outside to inside.
typedef enum ccurl_network {
    CCURL_PUBLIC = 0,
    // Private, shared and reserved networks: whatever is not reached from everywhere.
    CCURL_PRIVATE = 1,
    // One link, where routers and clouds offer their own services.
    CCURL_LINK_LOCAL = 2,
    // This machine.
    CCURL_LOOPBACK = 3
} ccurl_network;

// The network of an IP address, or of a host that is written as one or called localhost; CCURL_PUBLIC for other names.
// Brackets around an IPv6 address, and a final dot, do not count.
ccurl_network ccurl_network_of_host(const char *host);

// Whether an IP address is the one of `pattern`, or in its block, as in 10.0.0.0/8 and fd00::/8.
bool ccurl_is_in_block(const char *host, const char *pattern);

// A longer head of a response fails with CURLE_WRITE_ERROR: libcurl before 8.3 keeps it all.
enum { CCURL_MAXIMUM_HEAD_BYTES = 256 * 1024 };

// What a transfer is watched for.
typedef struct ccurl_guard {
    // The innermost network to which a connection may lead: looked at when one is opened, and before a request is sent
    // over one that is open already.
    ccurl_network innermost;
    // The network of a server that was refused for that; CCURL_PUBLIC when none was.
    ccurl_network refused;
    // Bytes of the response's head so far.
    size_t head_bytes;
} ccurl_guard;

typedef struct ccurl_request {
    const char *url;
    const char *user_agent;
    // Empty for none. The environment is not asked.
    const char *proxy;
    // Must live as long as the handle.
    ccurl_guard *guard;
    long connect_timeout_ms;
    long timeout_ms;
    // A body whose announced length is larger fails with CURLE_FILESIZE_EXCEEDED before it is received.
    int64_t maximum_bytes;
    // Takes a piece of the body (size is 1) and returns its length, or less to fail with CURLE_WRITE_ERROR.
    size_t (*receive)(char *data, size_t size, size_t count, void *context);
    // Given to receive; must live as long as the handle.
    void *context;
    // For libcurl's explanation of a failure; must live as long as the handle.
    char *message;
    // At least CURL_ERROR_SIZE.
    size_t message_size;
} ccurl_request;

// Makes a handle for one GET over HTTP or HTTPS, to be freed with easy_cleanup. Redirects are not followed. The
// texts are copied. On failure there is no handle.
CURLcode ccurl_easy_create(const ccurl_request *request, CURL *_Nullable *_Nonnull handle);

// The status of the latest response, or 0 before there is one.
long ccurl_status(CURL *handle);

// Where a redirect leads, or NULL for another response; belongs to the handle. Not resolved where it is malformed.
const char *_Nullable ccurl_redirect(CURL *handle);

// The network of the server, or of the proxy, that the latest connection was made to.
ccurl_network ccurl_peer_network(CURL *handle);

// The seconds that a Retry-After field asks to wait, or 0 when there is none or it is over.
int64_t ccurl_retry_after(CURL *handle);

// The length that the response announces, or 0.
int64_t ccurl_content_length(CURL *handle);

// Microseconds from the start until the connection stood and the request could be sent, or 0 before that.
int64_t ccurl_connected_after(CURL *handle);

// Microseconds that the transfer took.
int64_t ccurl_duration(CURL *handle);

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
