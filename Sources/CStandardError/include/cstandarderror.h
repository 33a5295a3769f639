// What C libraries write to standard error.
#ifndef CSTANDARDERROR_H
#define CSTANDARDERROR_H

#ifdef __cplusplus
extern "C" {
#endif

// Drops the messages of libjxl, which some systems build so that it prints each error of a damaged file. All others are
// written as before. Call it before other threads start. Does nothing where the C library has no such streams.
void cstandarderror_drop_messages(void);

#ifdef __cplusplus
}
#endif

#endif
