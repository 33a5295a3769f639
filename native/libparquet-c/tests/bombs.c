// Values that shrink to a few kilobytes: read up to a limit, and refused above it before memory is taken.
#define _DEFAULT_SOURCE
#include <sys/resource.h>
#include <sys/wait.h>

#include "check.h"
#include "embeddings.h"
#include "in_folder.h"

enum { mebibyte = 1 << 20 };

/// Writes one row, whose id has this size, in a process of its own: its memory is not that of reading.
static void write_id(const char *path, size_t size) {
    const pid_t writing = fork();
    if (writing == 0) {
        const pqc_writer_options options = {.compression = PQC_COMPRESSION_ZSTD};
        pqc_writer *writer = NULL;
        CHECK_OK(open_writer_at(path, embedding_schema(), &options, NULL, 0, &writer));
        struct ArrowArray row = make_embeddings(0, 1);
        struct ArrowArray *id = row.children[0];
        free((void *)id->buffers[2]);
        id->buffers[2] = calloc(size, 1);
        ((int32_t *)id->buffers[1])[1] = (int32_t)size;
        CHECK_OK(pqc_writer_write(writer, &row, &message));
        CHECK_OK(pqc_writer_close(writer, &message));
        pqc_writer_free(writer);
        exit(0);
    }
    int status = 0;
    CHECK(waitpid(writing, &status, 0) == writing && status == 0);
    struct stat file;
    CHECK(stat(path, &file) == 0 && file.st_size < mebibyte / 16);
}

/// Begins to read the row; returns what `get_next` returns.
static int read_id(const char *path, struct ArrowArrayStream *stream, struct ArrowArray *row) {
    pqc_reader *reader = NULL;
    CHECK_OK(pqc_reader_open(path, &reader, &message));
    CHECK_OK(pqc_reader_stream(reader, NULL, 0, 0, stream, &message));
    pqc_reader_free(reader);
    return stream->get_next(stream, row);
}

static long most_kibibytes(void) {
    struct rusage use;
    CHECK(getrusage(RUSAGE_SELF, &use) == 0);
    return use.ru_maxrss;
}

static void values_up_to_the_limit_are_read(void) {
    const char *path = in_folder("small-bomb.parquet");
    write_id(path, 48 * mebibyte);
    struct ArrowArrayStream stream;
    struct ArrowArray row = {.release = NULL};
    CHECK(read_id(path, &stream, &row) == 0 && row.release);
    CHECK(((const int32_t *)row.children[0]->buffers[1])[1] == 48 * mebibyte);
    // The row outlives what read it.
    stream.release(&stream);
    row.release(&row);
}

static void larger_ones_are_refused_before_memory_is_taken(void) {
    const char *path = in_folder("bomb.parquet");
    write_id(path, 160 * mebibyte);
    const long before = most_kibibytes();
    struct ArrowArrayStream stream;
    struct ArrowArray row = {.release = NULL};
    CHECK(read_id(path, &stream, &row) != 0);
    const char *error = stream.get_last_error(&stream);
    CHECK(strstr(error, path) && strstr(error, "it asks for") && strstr(error, "a file of its size may take 67108864"));
    stream.release(&stream);
    CHECK(most_kibibytes() - before < 64 * 1024);
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    folder = arguments[1];
    values_up_to_the_limit_are_read();
    larger_ones_are_refused_before_memory_is_taken();
    return 0;
}
