// Test of libparquet-c without an object store: it refuses bad input, reports errors and shuts down cleanly.
#define _DEFAULT_SOURCE
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "libparquet-c.h"

static char *message = NULL;

#define FAILS(call, status, text) CHECK_FAILS(call, status, text, pqc_string_free)

/// Nothing listens on port 1 of this machine.
static const pqc_s3_options nobody = {
    .endpoint = "http://127.0.0.1:1", .region = "us-east-1", .connect_timeout = 1, .request_timeout = 1, .attempts = 1};

static void bad_endpoints_are_refused(void) {
    pqc_bucket *bucket = NULL;
    const char *endpoints[] = {"127.0.0.1:1", "ftp://127.0.0.1", "http://", "http://key:secret@127.0.0.1:1"};
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; ++i) {
        const pqc_s3_options options = {.endpoint = endpoints[i]};
        CHECK(pqc_bucket_open("b", &options, &bucket, &message) == PQC_INVALID_ARGUMENT);
        CHECK(bucket == NULL && strstr(message, "endpoint") && !strstr(message, "secret"));
        pqc_string_free(message);
        message = NULL;
    }
}

static void nulls_are_refused(void) {
    pqc_bucket *bucket = NULL;
    FAILS(pqc_bucket_open(NULL, NULL, &bucket, &message), PQC_INVALID_ARGUMENT, "name is NULL");
    FAILS(pqc_bucket_open("b", &nobody, NULL, &message), PQC_INVALID_ARGUMENT, "bucket is NULL");
    FAILS(pqc_object_read(NULL, 0, &bucket, 0, &message), PQC_INVALID_ARGUMENT, "object is NULL");
    FAILS(pqc_listing_next(NULL, NULL, NULL, &message), PQC_INVALID_ARGUMENT, "listing is NULL");
    pqc_bucket_free(NULL);
    pqc_object_free(NULL);
    pqc_listing_free(NULL);
}

static void a_name_that_is_none_is_refused(void) {
    pqc_bucket *bucket = NULL;
    FAILS(pqc_bucket_open("", &nobody, &bucket, &message), PQC_INVALID_ARGUMENT, "name is empty");
    FAILS(pqc_bucket_open("/", &nobody, &bucket, &message), PQC_INVALID_ARGUMENT, "name is empty");
    CHECK(bucket == NULL);
}

static void a_store_that_is_not_there_is_named(void) {
    pqc_bucket *bucket = NULL;
    CHECK_OK(pqc_bucket_open("photos", &nobody, &bucket, &message));
    pqc_object *object = NULL;
    int64_t size = -1;
    FAILS(pqc_object_open(bucket, "a.jpg", -1, &object, &size, &message), PQC_IO, "s3://photos/a.jpg: cannot read");
    FAILS(pqc_object_open(bucket, "a.jpg", -1, &object, &size, &message), PQC_IO, "http://127.0.0.1:1");
    CHECK(object == NULL && size == -1);

    CHECK_OK(pqc_object_open(bucket, "a.jpg", 10, &object, &size, &message));
    CHECK(object != NULL && size == 10);
    pqc_listing *listing = NULL;
    CHECK_OK(pqc_listing_open(bucket, "folder/", &listing, &message));
    pqc_bucket_free(bucket);  // what was opened from it stays valid

    char buffer[10];
    FAILS(pqc_object_read(object, 4, buffer, 7, &message), PQC_INVALID_ARGUMENT, "no 7 bytes from 4 on");
    FAILS(pqc_object_read(object, 11, buffer, 0, &message), PQC_INVALID_ARGUMENT, "no 0 bytes from 11 on");
    FAILS(pqc_object_read(object, 4, buffer, 6, &message), PQC_IO, "s3://photos/a.jpg: cannot read");
    pqc_object_free(object);
    const pqc_object_info *objects = NULL;
    size_t count = 0;
    FAILS(pqc_listing_next(listing, &objects, &count, &message), PQC_IO, "s3://photos/folder: cannot read");
    pqc_listing_free(listing);
}

static volatile sig_atomic_t broken_pipes = 0;

static void count_broken_pipe(int number) {
    broken_pipes += number == SIGPIPE;
}

/// Runs in separate processes, because the client starts only once per process.
static void a_broken_pipe_does_not_end_the_process(bool has_own_handler) {
    const pid_t child = fork();
    if (child == 0) {
        if (has_own_handler) signal(SIGPIPE, count_broken_pipe);
        pqc_bucket *bucket = NULL;
        CHECK_OK(pqc_bucket_open("b", &nobody, &bucket, &message));
        pqc_bucket_free(bucket);
        raise(SIGPIPE);
        CHECK(broken_pipes == has_own_handler);
        _exit(0);
    }
    int status = 0;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void) {
    setenv("AWS_ACCESS_KEY_ID", "test", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "test", 1);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    unsetenv("AWS_ENDPOINT_URL");
    unsetenv("AWS_ENDPOINT_URL_S3");
    a_broken_pipe_does_not_end_the_process(false);
    a_broken_pipe_does_not_end_the_process(true);
    bad_endpoints_are_refused();
    nulls_are_refused();
    a_name_that_is_none_is_refused();
    a_store_that_is_not_there_is_named();
    return 0;
}
