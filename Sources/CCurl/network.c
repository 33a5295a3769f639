#include "network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ADDRESS_BYTES = 16 };

typedef struct block {
    uint8_t start[ADDRESS_BYTES];
    unsigned bits;
    ccurl_network network;
} block;

// All blocks that the registries of special-purpose addresses (RFC 6890 and later) do not list as globally reachable.
static const block blocks4[] = {
    {{0}, 8, CCURL_LOOPBACK},  // "this host": connecting to it reaches this machine
    {{10}, 8, CCURL_PRIVATE},
    {{100, 64}, 10, CCURL_PRIVATE},  // behind a carrier's address translation
    {{127}, 8, CCURL_LOOPBACK},
    {{169, 254}, 16, CCURL_LINK_LOCAL},
    {{172, 16}, 12, CCURL_PRIVATE},
    {{192, 0, 0}, 24, CCURL_PRIVATE},
    {{192, 0, 2}, 24, CCURL_PRIVATE},
    {{192, 168}, 16, CCURL_PRIVATE},
    {{198, 18}, 15, CCURL_PRIVATE},
    {{198, 51, 100}, 24, CCURL_PRIVATE},
    {{203, 0, 113}, 24, CCURL_PRIVATE},
    {{224}, 3, CCURL_PRIVATE},  // multicast, reserved, broadcast
};

static const block blocks6[] = {
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, CCURL_PRIVATE},  // NAT64 of a local network
    {{0x01}, 64, CCURL_PRIVATE},
    {{0x01, [7] = 0x01}, 64, CCURL_PRIVATE},
    {{0x20, 0x01}, 32, CCURL_PRIVATE},  // Teredo
    {{0x20, 0x01, 0x00, 0x02}, 48, CCURL_PRIVATE},
    {{0x20, 0x01, 0x00, 0x10}, 28, CCURL_PRIVATE},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, CCURL_PRIVATE},
    {{0x3f, 0xff}, 20, CCURL_PRIVATE},
    {{0x5f, 0x00}, 16, CCURL_PRIVATE},
    {{0xfc}, 7, CCURL_PRIVATE},
    {{0xfe, 0x80}, 10, CCURL_LINK_LOCAL},
    {{0xfe, 0xc0}, 10, CCURL_PRIVATE},
    {{0xff}, 8, CCURL_PRIVATE},
};

// IPv6 blocks whose addresses contain an IPv4 address at an offset.
static const struct embedding {
    uint8_t start[ADDRESS_BYTES];
    unsigned bits;
    size_t offset;
} embeddings[] = {
    {{[10] = 0xff, [11] = 0xff}, 96, 12},            // mapped
    {{[8] = 0xff, [9] = 0xff}, 96, 12},              // translated
    {{0x00, 0x64, 0xff, 0x9b}, 96, 12},              // NAT64
    {{0x20, 0x02}, 16, 2},                           // 6to4
    {{0}, 96, 12},                                   // compatible; ::1 and :: are handled before
};

static bool has_prefix(const uint8_t *address, const uint8_t *start, unsigned bits) {
    const size_t whole = bits / 8;
    const unsigned rest = bits % 8;
    if (memcmp(address, start, whole) != 0) {
        return false;
    }
    return rest == 0 || (address[whole] ^ start[whole]) >> (8 - rest) == 0;
}

static ccurl_network network_in(const block *blocks, size_t count, const uint8_t *address) {
    for (size_t index = 0; index < count; index++) {
        if (has_prefix(address, blocks[index].start, blocks[index].bits)) {
            return blocks[index].network;
        }
    }
    return CCURL_PUBLIC;
}

static ccurl_network network4(const uint8_t *address) {
    return network_in(blocks4, sizeof blocks4 / sizeof *blocks4, address);
}

static ccurl_network network6(const uint8_t *address) {
    static const uint8_t loopback[ADDRESS_BYTES] = {[15] = 1};
    if (memcmp(address, loopback, ADDRESS_BYTES) == 0) {
        return CCURL_LOOPBACK;
    }
    for (size_t index = 0; index < sizeof embeddings / sizeof *embeddings; index++) {
        if (has_prefix(address, embeddings[index].start, embeddings[index].bits)) {
            return network4(address + embeddings[index].offset);
        }
    }
    return network_in(blocks6, sizeof blocks6 / sizeof *blocks6, address);
}

ccurl_network ccurl_network_of(const struct sockaddr *address) {
    // Copied, because the bytes may not be aligned for the types.
    if (address->sa_family == AF_INET) {
        struct sockaddr_in copy;
        memcpy(&copy, address, sizeof copy);
        return network4((const uint8_t *)&copy.sin_addr);
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 copy;
        memcpy(&copy, address, sizeof copy);
        return network6(copy.sin6_addr.s6_addr);
    }
    return CCURL_LOOPBACK;
}

// Parses an IP address in any form that the system's resolver accepts, such as 127.1 and 0x7f000001. Returns its length
// in bytes, or 0.
static size_t parse(const char *text, uint8_t *address) {
    char plain[INET6_ADDRSTRLEN + 32];
    const size_t length = strlen(text);
    if (length >= sizeof plain) {
        return 0;
    }
    const bool is_bracketed = length >= 2 && text[0] == '[' && text[length - 1] == ']';
    snprintf(plain, sizeof plain, "%.*s", (int)(is_bracketed ? length - 2 : length), text + is_bracketed);
    plain[strcspn(plain, "%")] = '\0';
    if (inet_pton(AF_INET6, plain, address) == 1) {
        return ADDRESS_BYTES;
    }
    struct in_addr address4;
    if (is_bracketed || inet_aton(plain, &address4) == 0) {
        return 0;
    }
    memcpy(address, &address4, sizeof address4);
    return sizeof address4;
}

ccurl_network ccurl_network_of_address(const char *text) {
    uint8_t address[ADDRESS_BYTES];
    switch (parse(text, address)) {
    case ADDRESS_BYTES:
        return network6(address);
    case sizeof(struct in_addr):
        return network4(address);
    default:
        return CCURL_LOOPBACK;
    }
}

static bool is_local_name(const char *name, size_t length) {
    static const char local[] = "localhost";
    const size_t suffix = sizeof local - 1;
    return length >= suffix && strncasecmp(name + length - suffix, local, suffix) == 0 &&
           (length == suffix || name[length - suffix - 1] == '.');
}

ccurl_network ccurl_network_of_host(const char *host) {
    char name[256];
    size_t length = strlen(host);
    if (length > 0 && host[length - 1] == '.') {
        length -= 1;
    }
    if (is_local_name(host, length)) {
        return CCURL_LOOPBACK;
    }
    uint8_t address[ADDRESS_BYTES];
    if (length >= sizeof name) {
        return CCURL_PUBLIC;
    }
    memcpy(name, host, length);
    name[length] = '\0';
    return parse(name, address) == 0 ? CCURL_PUBLIC : ccurl_network_of_address(name);
}

bool ccurl_is_unambiguous_host(const char *host) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]";
    return host[strspn(host, allowed)] == '\0';
}

bool ccurl_is_in_block(const char *host, const char *pattern) {
    char start_text[64];
    const size_t start_length = strcspn(pattern, "/");
    uint8_t address[ADDRESS_BYTES], start[ADDRESS_BYTES];
    if (start_length >= sizeof start_text) {
        return false;
    }
    memcpy(start_text, pattern, start_length);
    start_text[start_length] = '\0';
    const size_t size = parse(host, address);
    if (size == 0 || parse(start_text, start) != size) {
        return false;
    }
    long bits = (long)size * 8;
    if (pattern[start_length] == '/') {
        char *end = NULL;
        bits = strtol(pattern + start_length + 1, &end, 10);
        if (end == pattern + start_length + 1 || *end != '\0' || bits < 0 || bits > (long)size * 8) {
            return false;
        }
    }
    return has_prefix(address, start, (unsigned)bits);
}
