// Checks for the C tests that also work with NDEBUG: the first failed check ends the program.
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                 \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);      \
            exit(1);                                                                     \
        }                                                                                \
    } while (0)

/// Checks that `call` succeeds and leaves no message in `char *message`.
#define CHECK_OK(call)                                                                                         \
    do {                                                                                                       \
        const int status_ = (int)(call);                                                                       \
        if (status_ != 0) {                                                                                    \
            fprintf(stderr, "%s:%d: status %d: %s\n", __FILE__, __LINE__, status_, message ? message : "");    \
            exit(1);                                                                                           \
        }                                                                                                      \
        CHECK(message == NULL);                                                                                \
    } while (0)

/// Checks that `call` fails with `wanted` and a message that contains `text`; `release` frees the message.
#define CHECK_FAILS(call, wanted, text, release)                                                               \
    do {                                                                                                       \
        const int status_ = (int)(call);                                                                       \
        if (status_ != (int)(wanted) || !message || !strstr(message, text)) {                                  \
            fprintf(stderr, "%s:%d: status %d, not %d, or no '%s' in: %s\n", __FILE__, __LINE__, status_,      \
                    (int)(wanted), text, message ? message : "(none)");                                        \
            exit(1);                                                                                           \
        }                                                                                                      \
        release(message);                                                                                      \
        message = NULL;                                                                                        \
    } while (0)

#endif
