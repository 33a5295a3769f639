#define _GNU_SOURCE
#include "cfakenetwork.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { LONGEST_LOOKUP_SECONDS = 60 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static size_t waiting;
static bool is_released;
// Whether rebinding.test was looked up since it was last reset.
static atomic_flag is_rebound = ATOMIC_FLAG_INIT;
// Which sockets are connected to the address of the internet.
static atomic_bool is_outside[65536];

size_t cfakenetwork_waiting(void) {
    pthread_mutex_lock(&mutex);
    const size_t count = waiting;
    pthread_mutex_unlock(&mutex);
    return count;
}

void cfakenetwork_release(void) {
    pthread_mutex_lock(&mutex);
    is_released = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

void cfakenetwork_reset_rebinding(void) {
    atomic_flag_clear(&is_rebound);
}

#if defined(__GLIBC__)

static const char outside[] = "1.2.3.4";

bool cfakenetwork_works(void) {
    return true;
}

static void wait_for_release(void) {
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += LONGEST_LOOKUP_SECONDS;
    pthread_mutex_lock(&mutex);
    waiting += 1;
    while (!is_released && pthread_cond_timedwait(&changed, &mutex, &end) == 0) {
    }
    waiting -= 1;
    pthread_mutex_unlock(&mutex);
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) =
        dlsym(RTLD_NEXT, "getaddrinfo");
    if (name != NULL && strcmp(name, "slow.test") == 0) {
        wait_for_release();
        return EAI_NONAME;
    }
    if (name != NULL && strcmp(name, "outside.test") == 0) {
        name = outside;
    } else if (name != NULL && strcmp(name, "inside.test") == 0) {
        name = "127.0.0.1";
    } else if (name != NULL && strcmp(name, "rebinding.test") == 0) {
        name = atomic_flag_test_and_set(&is_rebound) ? "127.0.0.1" : outside;
    }
    return real(name, service, hints, result);
}

int connect(int descriptor, const struct sockaddr *address, socklen_t length) {
    int (*real)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "connect");
    struct sockaddr_in copy;
    const bool is_known = descriptor >= 0 && (size_t)descriptor < sizeof is_outside;
    if (is_known) {
        is_outside[descriptor] = false;
    }
    if (is_known && address->sa_family == AF_INET && length >= sizeof copy) {
        memcpy(&copy, address, sizeof copy);
        if (copy.sin_addr.s_addr == inet_addr(outside)) {
            is_outside[descriptor] = true;
            copy.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            return real(descriptor, (const struct sockaddr *)&copy, sizeof copy);
        }
    }
    return real(descriptor, address, length);
}

int getpeername(int descriptor, struct sockaddr *address, socklen_t *length) {
    int (*real)(int, struct sockaddr *, socklen_t *) = dlsym(RTLD_NEXT, "getpeername");
    const int status = real(descriptor, address, length);
    if (status == 0 && address->sa_family == AF_INET && (size_t)descriptor < sizeof is_outside &&
        is_outside[descriptor]) {
        ((struct sockaddr_in *)address)->sin_addr.s_addr = inet_addr(outside);
    }
    return status;
}

#else

bool cfakenetwork_works(void) {
    return false;
}

#endif
