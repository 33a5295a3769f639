// A network for tests, by standing in for getaddrinfo, connect and getpeername (glibc): names ending in .test, and one address of the
// internet that is this machine.
//
//   outside.test   an address of the internet; connecting to it reaches this machine
//   inside.test    this machine
//   rebinding.test an address of the internet when it is first looked up, and this machine from then on
//   slow.test      is not found, after a test has let the lookups go or a minute has passed
#ifndef CFAKENETWORK_H
#define CFAKENETWORK_H

#include <stdbool.h>
#include <stddef.h>

#pragma clang assume_nonnull begin

// Whether the names above can be looked up here.
bool cfakenetwork_works(void);

// Makes the next lookup of rebinding.test the first one.
void cfakenetwork_reset_rebinding(void);

// How many lookups of slow.test wait.
size_t cfakenetwork_waiting(void);

// Lets all lookups of slow.test go, those that come later too.
void cfakenetwork_release(void);

#pragma clang assume_nonnull end

#endif
