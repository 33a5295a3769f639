// The network of an address, for libcurl's callbacks.
#ifndef CCURL_NETWORK_H
#define CCURL_NETWORK_H

#include "ccurl.h"

#pragma clang assume_nonnull begin

// The network of an IP address in its usual form; any other text counts as the innermost network.
ccurl_network ccurl_network_of_address(const char *text);

#pragma clang assume_nonnull end

#endif
