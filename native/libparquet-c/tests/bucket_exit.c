// Test that a process which exits while a server keeps a request waiting does not try the request again.
#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>

#include "check.h"
#include "libparquet-c.h"

static char *message = NULL;

/// Listens on a free port of the loopback interface.
static int silent_server(char *endpoint, size_t capacity) {
    const int server = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    CHECK(bind(server, (struct sockaddr *)&address, length) == 0 && listen(server, 8) == 0);
    CHECK(getsockname(server, (struct sockaddr *)&address, &length) == 0);
    snprintf(endpoint, capacity, "http://127.0.0.1:%d", ntohs(address.sin_port));
    return server;
}

static void *read_object(void *bucket) {
    pqc_object *object = NULL;
    int64_t size = 0;
    (void)pqc_object_open(bucket, "a.jpg", -1, &object, &size, NULL);
    return NULL;
}

int main(void) {
    setenv("AWS_ACCESS_KEY_ID", "test", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "test", 1);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    char endpoint[64];
    const int server = silent_server(endpoint, sizeof endpoint);
    // This many attempts exceed the time limit of any test.
    const pqc_s3_options options = {
        .endpoint = endpoint, .region = "us-east-1", .connect_timeout = 600, .request_timeout = 1, .attempts = 1000};
    pqc_bucket *bucket = NULL;
    CHECK_OK(pqc_bucket_open("photos", &options, &bucket, &message));
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, read_object, bucket) == 0);
    CHECK(accept(server, NULL, NULL) >= 0);
    exit(0);
}
