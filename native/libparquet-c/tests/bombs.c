// Values that shrink to a few kilobytes: read up to a limit, and refused above it before memory is taken.
#define _DEFAULT_SOURCE
#include <sys/resource.h>
#include <sys/wait.h>

#include "check.h"
#include "embeddings.h"
#include "in_folder.h"

enum { mebibyte = 1 << 20 };

/// Writes rows with ids of this size, in a process of its own: its memory is not that of reading.
static void write_ids(const char *path, int32_t rows, size_t size) {
    const pid_t writing = fork();
    if (writing == 0) {
        const pqc_writer_options options = {.compression = PQC_COMPRESSION_ZSTD};
        pqc_writer *writer = NULL;
        CHECK_OK(open_writer_at(path, embedding_schema(), &options, NULL, 0, &writer));
        struct ArrowArray batch = make_embeddings(0, rows);
        struct ArrowArray *id = batch.children[0];
        free((void *)id->buffers[2]);
        id->buffers[2] = calloc(rows, size);
        for (int32_t row = 0; row <= rows; ++row) ((int32_t *)id->buffers[1])[row] = row * (int32_t)size;
        CHECK_OK(pqc_writer_write(writer, &batch, &message));
        CHECK_OK(pqc_writer_close(writer, &message));
        pqc_writer_free(writer);
        exit(0);
    }
    int status = 0;
    CHECK(waitpid(writing, &status, 0) == writing && status == 0);
    struct stat file;
    CHECK(stat(path, &file) == 0 && file.st_size < mebibyte / 16);
}

/// Begins to read the rows; returns what `get_next` returns.
static int read_ids(const char *path, struct ArrowArrayStream *stream, struct ArrowArray *row) {
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
    write_ids(path, 1, 48 * mebibyte);
    struct ArrowArrayStream stream;
    struct ArrowArray row = {.release = NULL};
    CHECK(read_ids(path, &stream, &row) == 0 && row.release);
    CHECK(((const int32_t *)row.children[0]->buffers[1])[1] == 48 * mebibyte);
    // The row outlives what read it.
    stream.release(&stream);
    row.release(&row);
}

/// Such as a licence. The rows of a batch take more than a page may.
static void texts_that_all_rows_have_are_read(void) {
    enum { rows = 2048, size = 40960 };
    const char *path = in_folder("licence.parquet");
    write_ids(path, rows, size);
    struct ArrowArrayStream stream;
    struct ArrowArray batch = {.release = NULL};
    CHECK(read_ids(path, &stream, &batch) == 0 && batch.length == rows);
    CHECK(((const int32_t *)batch.children[0]->buffers[1])[rows] == rows * size);
    stream.release(&stream);
    batch.release(&batch);
}

static void larger_ones_are_refused_before_memory_is_taken(void) {
    const char *path = in_folder("bomb.parquet");
    write_ids(path, 1, 160 * mebibyte);
    const long before = most_kibibytes();
    struct ArrowArrayStream stream;
    struct ArrowArray row = {.release = NULL};
    CHECK(read_ids(path, &stream, &row) != 0);
    const char *error = stream.get_last_error(&stream);
    CHECK(strstr(error, path) && strstr(error, "it asks for") && strstr(error, "a file of its size may take 67108864"));
    stream.release(&stream);
    CHECK(most_kibibytes() - before < 64 * 1024);
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    folder = arguments[1];
    // First, because the most memory that was taken is that of the whole process.
    larger_ones_are_refused_before_memory_is_taken();
    values_up_to_the_limit_are_read();
    texts_that_all_rows_have_are_read();
    return 0;
}
