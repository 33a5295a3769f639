// libcurl functions with variable arguments, which Swift cannot call; Swift calls all others directly. Also determines
// the network of a server when libcurl connects.
#ifndef CCURL_H
#define CCURL_H

#include "ccurl_library.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

// The network of an address, from outermost to innermost.
typedef enum ccurl_network {
    CCURL_PUBLIC = 0,
    // Private, shared and reserved networks, which are not globally reachable.
    CCURL_PRIVATE = 1,
    // A single link, on which routers and clouds offer their own services.
    CCURL_LINK_LOCAL = 2,
    // This machine.
    CCURL_LOOPBACK = 3
} ccurl_network;

// The network of a socket's address. Anything other than IPv4 and IPv6 is on this machine.
ccurl_network ccurl_network_of(const struct sockaddr *address);

// The network of an IP address, of a host written as one, or of localhost; CCURL_PUBLIC for other names. Brackets
// around an IPv6 address and a trailing dot are ignored.
ccurl_network ccurl_network_of_host(const char *host);

// Whether nobody can take a host for another one. libcurl's name lookup may map characters beyond ASCII to digits and
// dots, depending on the locale, and a proxy may undo percent-encoding: what is no address before may be one after.
bool ccurl_is_unambiguous_host(const char *host);

// Whether an IP address equals `pattern` or is in its block, such as 10.0.0.0/8 or fd00::/8.
bool ccurl_is_in_block(const char *host, const char *pattern);

// A longer response header fails with CURLE_WRITE_ERROR, because libcurl before 8.3 keeps all of it.
enum { CCURL_MAXIMUM_HEAD_BYTES = 256 * 1024 };

// Limits that are checked during a transfer.
typedef struct ccurl_guard {
    // The innermost network to which a connection may lead, checked when a connection is opened and before a request
    // reuses one.
    ccurl_network innermost;
    // The network of a server refused for that reason; CCURL_PUBLIC if there was none.
    ccurl_network refused;
    // Number of bytes of the response header so far.
    size_t head_bytes;
    // Whether the response says that its body is compressed, with Content-Encoding.
    bool is_compressed;
    // The first and the last byte that the response brings, as with status 206, from Content-Range; -1 if unknown.
    int64_t first_byte;
    int64_t last_byte;
    // The size of the file of which the response brings a part, from Content-Range; -1 if it is unknown.
    int64_t file_bytes;
    // The file's version, from ETag; empty if it is unknown.
    char etag[256];
} ccurl_guard;

typedef struct ccurl_request {
    const char *url;
    const char *user_agent;
    // Empty for none. The environment is ignored.
    const char *proxy;
    // The part to request, such as "0-499"; empty for the whole file.
    const char *range;
    // Must live as long as the handle.
    ccurl_guard *guard;
    long connect_timeout_ms;
    long timeout_ms;
    // Fails with CURLE_FILESIZE_EXCEEDED, before the body is received, if the announced length of any response is
    // larger, also that of the page of a redirect.
    int64_t maximum_bytes;
    // Whether to undo the compression that a response says it has.
    bool decodes;
    // Receives a piece of the body (size is 1) and returns its length, or less to fail with CURLE_WRITE_ERROR.
    size_t (*receive)(char *data, size_t size, size_t count, void *context);
    // Passed to receive; must live as long as the handle.
    void *context;
    // Receives libcurl's description of a failure; must live as long as the handle.
    char *message;
    // At least CURL_ERROR_SIZE.
    size_t message_size;
} ccurl_request;

// Prepares for a response, of which nothing is known yet.
void ccurl_guard_begin_response(ccurl_guard *guard);

// Creates a handle for one GET request over HTTP or HTTPS, to be freed with easy_cleanup. Redirects are not followed.
// The texts are copied. No handle is returned on failure.
CURLcode ccurl_easy_create(const ccurl_request *request, CURL *_Nullable *_Nonnull handle);

// The status of the latest response; 0 before there is one.
long ccurl_status(CURL *handle);

// The status with which a proxy answered the request to connect to the server (CONNECT); 0 before there is one.
long ccurl_proxy_status(CURL *handle);

// The target of a redirect; NULL for another response. Owned by the handle. Not resolved if it is malformed.
const char *_Nullable ccurl_redirect(CURL *handle);

// The network of the server or proxy of the latest connection.
ccurl_network ccurl_peer_network(CURL *handle);

// The number of seconds to wait according to Retry-After; 0 if there is none or the time has passed.
int64_t ccurl_retry_after(CURL *handle);

// The announced length of the response, or 0.
int64_t ccurl_content_length(CURL *handle);

// Microseconds from the start until the connection was established and the request could be sent; 0 before that.
int64_t ccurl_connected_after(CURL *handle);

// Duration of the transfer in microseconds.
int64_t ccurl_duration(CURL *handle);

// Creates a multi handle that opens at most this many connections, and keeps as many open for reuse; NULL if out of
// memory.
CURLM *_Nullable ccurl_multi_create(long maximum_connections);

// Blocks SIGPIPE on this thread: libcurl reports a write to a closed connection as an error.
void ccurl_block_sigpipe(void);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
