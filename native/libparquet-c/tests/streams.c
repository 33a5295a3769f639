// Test of IPC streams. Argument: a folder to write into.
#define _DEFAULT_SOURCE
#include <signal.h>

#include "check.h"
#include "embeddings.h"
#include "in_folder.h"

enum { most_bytes = 1 << 20 };

/// Writes a stream of two batches, of 3 rows and none, into a file, and returns its size.
static long write_stream(const char *path) {
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pqc_ipc_writer *writer;
    CHECK_OK(pqc_ipc_writer_open(path, file, embedding_schema(), NULL, NULL, 0, &writer, &message));
    for (int64_t count = 3; count >= 0; count -= 3) {
        struct ArrowArray rows = make_embeddings(0, count);
        CHECK_OK(pqc_ipc_writer_write(writer, &rows, NULL, &message));
        CHECK(!rows.release);
    }
    CHECK_OK(pqc_ipc_writer_close(writer, &message));
    struct ArrowArray late = make_embeddings(0, 1);
    FAILS(pqc_ipc_writer_write(writer, &late, NULL, &message), PQC_INVALID_ARGUMENT, "the stream has ended");
    CHECK(!late.release);
    pqc_ipc_writer_free(writer);
    const long size = lseek(file, 0, SEEK_END);
    close(file);
    return size;
}

/// Reads a stream to its end or first error, and returns the status of that.
static pqc_status read_stream(const char *path, int64_t maximum, int *batches) {
    const int file = open(path, O_RDONLY);
    pqc_ipc_reader *reader = NULL;
    *batches = 0;
    pqc_status status = pqc_ipc_reader_open("the stream", file, maximum, &reader, NULL);
    while (status == PQC_OK) {
        pqc_ipc_batch *batch;
        status = pqc_ipc_reader_next(reader, &batch, NULL);
        if (status != PQC_OK || !batch) break;
        ++*batches;
        pqc_ipc_batch_free(batch);
    }
    pqc_ipc_reader_free(reader);
    close(file);
    return status;
}

static void test_rows(void) {
    const char *path = in_folder("stream");
    write_stream(path);
    const int file = open(path, O_RDONLY);
    pqc_ipc_reader *reader;
    CHECK_OK(pqc_ipc_reader_open("the stream", file, most_bytes, &reader, &message));
    struct ArrowSchema schema;
    CHECK_OK(pqc_ipc_reader_schema(reader, false, &schema, &message));
    CHECK(schema.n_children == 2 && strcmp(schema.children[1]->format, "+w:4") == 0);
    schema.release(&schema);
    CHECK_OK(pqc_ipc_reader_schema(reader, true, &schema, &message));
    CHECK(strcmp(schema.children[0]->format, "U") == 0);
    schema.release(&schema);
    pqc_ipc_batch *batch, *empty, *end;
    CHECK_OK(pqc_ipc_reader_next(reader, &batch, &message));
    CHECK_OK(pqc_ipc_reader_next(reader, &empty, &message));
    CHECK_OK(pqc_ipc_reader_next(reader, &end, &message));
    CHECK(pqc_ipc_batch_row_count(batch) == 3 && pqc_ipc_batch_row_count(empty) == 0 && !end);
    pqc_ipc_batch_free(empty);
    CHECK(!pqc_ipc_reader_metadata_value(reader, "unknown"));
    float values[3 * (dimension + 1)];
    bool present[3];
    CHECK_OK(pqc_ipc_batch_vectors(batch, 1, dimension, values, present, &message));
    CHECK(present[0] && present[1] && present[2] && values[4] == 1 && values[11] == 2.375f);
    FAILS(pqc_ipc_batch_vectors(batch, 1, dimension + 1, values, present, &message), PQC_FORMAT, "4 values in row 1");
    FAILS(pqc_ipc_batch_vectors(batch, 0, dimension, values, present, &message), PQC_FORMAT, "not lists of floats");
    FAILS(pqc_ipc_batch_vectors(batch, 2, dimension, values, present, &message), PQC_INVALID_ARGUMENT, "no column 2");
    // The rows outlive their batch.
    struct ArrowArrayStream stream;
    const char *const columns[] = {"id"}, *const unknown[] = {"label"};
    FAILS(pqc_ipc_batch_plain_stream(batch, unknown, 1, &stream, &message), PQC_NOT_FOUND, "'label'");
    CHECK_OK(pqc_ipc_batch_plain_stream(batch, columns, 1, &stream, &message));
    pqc_ipc_batch_free(batch);
    pqc_ipc_reader_free(reader);
    struct ArrowArray rows;
    CHECK(stream.get_next(&stream, &rows) == 0 && rows.length == 3 && rows.n_children == 1);
    CHECK(memcmp(rows.children[0]->buffers[2], "image-000000image-000001", 24) == 0);
    rows.release(&rows);
    stream.release(&stream);
    close(file);
}

static void test_carried_columns(void) {
    write_stream(in_folder("stream"));
    const int input = open(in_folder("stream"), O_RDONLY);
    const int output = open(in_folder("carried"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    pqc_ipc_reader *reader;
    CHECK_OK(pqc_ipc_reader_open("the input", input, most_bytes, &reader, &message));
    const int32_t unknown = 2, vectors = 1;
    pqc_ipc_writer *writer;
    FAILS(pqc_ipc_writer_open("the output", output, embedding_schema(), reader, &unknown, 1, &writer, &message),
          PQC_INVALID_ARGUMENT, "no column 2");
    CHECK_OK(pqc_ipc_writer_open("the output", output, embedding_schema(), reader, &vectors, 1, &writer, &message));
    pqc_ipc_batch *batch;
    CHECK_OK(pqc_ipc_reader_next(reader, &batch, &message));
    struct ArrowArray fewer = make_embeddings(10, 2), same = make_embeddings(10, 3), alone = make_embeddings(10, 3);
    FAILS(pqc_ipc_writer_write(writer, &fewer, batch, &message), PQC_INVALID_ARGUMENT, "2 rows");
    FAILS(pqc_ipc_writer_write(writer, &alone, NULL, &message), PQC_INVALID_ARGUMENT, "carried is NULL");
    CHECK_OK(pqc_ipc_writer_write(writer, &same, batch, &message));
    CHECK_OK(pqc_ipc_writer_close(writer, &message));
    pqc_ipc_writer_free(writer);
    pqc_ipc_batch_free(batch);
    pqc_ipc_reader_free(reader);
    close(input);
    CHECK(lseek(output, 0, SEEK_SET) == 0);
    CHECK_OK(pqc_ipc_reader_open("the output", output, most_bytes, &reader, &message));
    CHECK_OK(pqc_ipc_reader_next(reader, &batch, &message));
    struct ArrowSchema schema;
    CHECK_OK(pqc_ipc_reader_schema(reader, false, &schema, &message));
    CHECK(schema.n_children == 3 && strcmp(schema.children[2]->name, "embedding") == 0);
    schema.release(&schema);
    CHECK(pqc_ipc_batch_row_count(batch) == 3);
    pqc_ipc_batch_free(batch);
    pqc_ipc_reader_free(reader);
    close(output);
}

static void test_streams_that_are_cut_short(void) {
    const char *path = in_folder("cut");
    int batches, ends = 0;
    for (long size = write_stream(path) - 1; size >= 0; --size) {
        CHECK(truncate(path, size) == 0);
        const pqc_status status = read_stream(path, most_bytes, &batches);
        CHECK(status == PQC_OK || status == PQC_FORMAT);
        ends += status == PQC_OK;
    }
    // After the schema and each of two batches, and within the end mark's first half.
    CHECK(ends >= 3 && ends < 16);
}

static void test_what_is_no_stream(void) {
    int batches;
    const char *path = in_folder("text");
    FILE *file = fopen(path, "w");
    CHECK(file && fputs("id,path\na,b\n", file) >= 0 && fclose(file) == 0);
    CHECK(read_stream(path, most_bytes, &batches) == PQC_FORMAT);
    CHECK(read_stream(in_folder("absent"), most_bytes, &batches) == PQC_IO);
    write_stream(in_folder("stream"));
    CHECK(read_stream(in_folder("stream"), 64, &batches) == PQC_FORMAT);
    pqc_ipc_reader *reader;
    const int input = open(in_folder("stream"), O_RDONLY);
    FAILS(pqc_ipc_reader_open("the stream", input, 64, &reader, &message), PQC_FORMAT, "larger than the maximum of 64");
    close(input);
    FAILS(pqc_ipc_reader_open("the stream", -1, 64, NULL, &message), PQC_INVALID_ARGUMENT, "reader is NULL");
}

static void test_a_receiver_that_has_gone(void) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    pqc_ipc_writer *writer;
    CHECK_OK(pqc_ipc_writer_open("the output", ends[1], embedding_schema(), NULL, NULL, 0, &writer, &message));
    close(ends[0]);
    struct ArrowArray rows = make_embeddings(0, 1);
    FAILS(pqc_ipc_writer_write(writer, &rows, NULL, &message), PQC_IO, "Broken pipe");
    pqc_ipc_writer_free(writer);
    close(ends[1]);
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    folder = argv[1];
    CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    test_rows();
    test_carried_columns();
    test_streams_that_are_cut_short();
    test_what_is_no_stream();
    test_a_receiver_that_has_gone();
    CHECK(live_arrays == 0);
    return 0;
}
