// Test of libparquet-c. Argument: a folder to write into.
#define _DEFAULT_SOURCE
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "embeddings.h"
#include "in_folder.h"

static const pqc_key_value metadata[] = {{"model", "ViT-B-32"}, {"note", "größer"}, {"empty", ""}};

static pqc_writer *open_writer(const char *path, const pqc_writer_options *options) {
    pqc_writer *writer = NULL;
    CHECK_OK(open_writer_at(path, embedding_schema(), options, metadata, 3, &writer));
    CHECK(writer != NULL);
    return writer;
}

/// Writes rows 0 to `rows` in batches of `batch_rows`.
static void write_file(const char *path, const pqc_writer_options *options, int64_t rows, int64_t batch_rows) {
    pqc_writer *writer = open_writer(path, options);
    for (int64_t first = 0; first < rows; first += batch_rows) {
        struct ArrowArray batch = make_embeddings(first, rows - first < batch_rows ? rows - first : batch_rows);
        CHECK_OK(pqc_writer_write(writer, &batch, &message));
        CHECK(batch.release == NULL);
    }
    CHECK_OK(pqc_writer_close(writer, &message));
    pqc_writer_free(writer);
    CHECK(live_arrays == 0);
}

static pqc_reader *open_reader(const char *path) {
    pqc_reader *reader = NULL;
    CHECK_OK(pqc_reader_open(path, &reader, &message));
    return reader;
}

static void expect_stream_error(struct ArrowArrayStream *stream, const char *text) {
    struct ArrowArray batch = {0};
    int code = 0;
    while ((code = stream->get_next(stream, &batch)) == 0 && batch.release) batch.release(&batch);
    CHECK(code != 0);
    CHECK(strstr(stream->get_last_error(stream), text) != NULL);
    stream->release(stream);
}

/// Reads the columns in the order given and expects rows 0 to `rows` of make_embeddings.
static void expect_rows(struct ArrowArrayStream *stream, int64_t rows, int64_t batch_rows, int id, int embedding) {
    int64_t first = 0;
    for (;;) {
        struct ArrowArray batch;
        CHECK(stream->get_next(stream, &batch) == 0);
        if (!batch.release) break;
        CHECK(batch.n_children == 2 && batch.offset == 0 && batch.length > 0 && batch.length <= batch_rows);
        CHECK(are_embeddings(batch.children[id], batch.children[embedding], first, batch.length));
        first += batch.length;
        batch.release(&batch);
    }
    CHECK(first == rows);
    stream->release(stream);
}

static void versions(void) {
    CHECK(strcmp(pqc_version(), "3.1.0") == 0);
    CHECK(strchr(pqc_arrow_version(), '.') != NULL);
}

static void rows_come_back(const pqc_writer_options *options, int64_t rows, int32_t row_groups) {
    const char *path = in_folder("rows.parquet");
    write_file(path, options, rows, 300);
    pqc_reader *reader = open_reader(path);
    CHECK(pqc_reader_row_count(reader) == rows);
    CHECK(pqc_reader_row_group_count(reader) == row_groups);
    struct ArrowArrayStream stream;
    CHECK_OK(pqc_reader_stream(reader, NULL, 0, 128, &stream, &message));
    expect_rows(&stream, rows, 128, 0, 1);
    CHECK_OK(pqc_reader_stream(reader, NULL, 0, 0, &stream, &message));
    pqc_reader_free(reader);  // the stream stays valid
    expect_rows(&stream, rows, 4096, 0, 1);
}

static void rows_come_back_with_every_option(void) {
    rows_come_back(NULL, 1000, 1);
    rows_come_back(&(pqc_writer_options){.row_group_rows = 400}, 1000, 3);
    rows_come_back(&(pqc_writer_options){.compression = PQC_COMPRESSION_ZSTD, .compression_level = 3}, 1000, 1);
    rows_come_back(&(pqc_writer_options){.compression = PQC_COMPRESSION_SNAPPY, .dictionary = true}, 1000, 1);
    rows_come_back(NULL, 0, 0);
}

static void schema_and_metadata_come_back(void) {
    const char *path = in_folder("schema.parquet");
    write_file(path, NULL, 10, 10);
    pqc_reader *reader = open_reader(path);
    struct ArrowSchema schema;
    CHECK_OK(pqc_reader_schema(reader, &schema, &message));
    CHECK(strcmp(schema.format, "+s") == 0 && schema.n_children == 2);
    CHECK(strcmp(schema.children[0]->name, "id") == 0 && strcmp(schema.children[0]->format, "u") == 0);
    CHECK((schema.children[0]->flags & ARROW_FLAG_NULLABLE) == 0);
    CHECK(strcmp(schema.children[1]->name, "embedding") == 0 && strcmp(schema.children[1]->format, "+w:4") == 0);
    schema.release(&schema);

    CHECK(pqc_reader_metadata_count(reader) == 3);
    for (size_t i = 0; i < 3; ++i) {
        const pqc_key_value entry = pqc_reader_metadata_entry(reader, i);
        CHECK(strcmp(entry.key, metadata[i].key) == 0 && strcmp(entry.value, metadata[i].value) == 0);
        CHECK(strcmp(pqc_reader_metadata_value(reader, metadata[i].key), metadata[i].value) == 0);
    }
    CHECK(pqc_reader_metadata_value(reader, "colour") == NULL);
    pqc_reader_free(reader);
}

static void columns_are_chosen(void) {
    write_file(in_folder("columns.parquet"), NULL, 500, 500);
    pqc_reader *reader = open_reader(in_folder("columns.parquet"));
    struct ArrowArrayStream stream;
    const char *reversed[] = {"embedding", "id"};
    CHECK_OK(pqc_reader_stream(reader, reversed, 2, 200, &stream, &message));
    expect_rows(&stream, 500, 200, 1, 0);

    CHECK_OK(pqc_reader_stream(reader, reversed, 1, 1000, &stream, &message));
    struct ArrowSchema schema;
    CHECK(stream.get_schema(&stream, &schema) == 0);
    CHECK(schema.n_children == 1 && strcmp(schema.children[0]->format, "+w:4") == 0);
    schema.release(&schema);
    struct ArrowArray batch;
    CHECK(stream.get_next(&stream, &batch) == 0);
    CHECK(batch.length == 500 && batch.n_children == 1);
    batch.release(&batch);
    stream.release(&stream);

    const char *missing[] = {"id", "colour"}, *twice[] = {"id", "id"};
    FAILS(pqc_reader_stream(reader, missing, 2, 0, &stream, &message), PQC_NOT_FOUND,
          "columns.parquet: there is no column 'colour'; its columns are id, embedding");
    FAILS(pqc_reader_stream(reader, twice, 2, 0, &stream, &message), PQC_INVALID_ARGUMENT, "'id' is asked for twice");
    FAILS(pqc_reader_stream(reader, NULL, 0, -1, &stream, &message), PQC_INVALID_ARGUMENT, "batch_rows is -1");
    pqc_reader_free(reader);
}

static pqc_vector_rows *take_rows(pqc_vectors *vectors, int64_t count) {
    pqc_vector_rows *rows = NULL;
    CHECK_OK(pqc_vectors_next(vectors, (size_t)count, &rows, &message));
    return rows;
}

static pqc_vectors *open_vectors(const pqc_reader *reader) {
    pqc_vectors *vectors = NULL;
    size_t values = 0, value_bytes = 0;
    CHECK_OK(pqc_vectors_open(reader, "embedding", &vectors, &values, &value_bytes, &message));
    CHECK(vectors == NULL || (values == dimension && value_bytes == sizeof(float)));
    return vectors;
}

static void expect_vectors(pqc_vector_rows *rows, int64_t first, int64_t count) {
    const size_t size = (size_t)(count * dimension) * sizeof(float);
    float *values = malloc(size);
    if (size > 0) {
        FAILS(pqc_vector_rows_read(rows, values, size - 1, &message), PQC_INVALID_ARGUMENT, "column 'embedding' needs room");
    }
    CHECK_OK(pqc_vector_rows_read(rows, values, size, &message));
    pqc_vector_rows_free(rows);
    struct ArrowArray wanted = make_embeddings(first, count);
    CHECK(memcmp(values, wanted.children[1]->children[0]->buffers[1],
                 (size_t)(count * dimension) * sizeof *values) == 0);
    wanted.release(&wanted);
    free(values);
}

static void vectors_come_back(const pqc_writer_options *options) {
    write_file(in_folder("vectors.parquet"), options, 1000, 300);
    pqc_reader *reader = open_reader(in_folder("vectors.parquet"));
    pqc_vectors *vectors = NULL;
    size_t values = 0, value_bytes = 0;
    CHECK_OK(pqc_vectors_open(reader, "id", &vectors, &values, &value_bytes, &message));
    CHECK(vectors == NULL);
    FAILS(pqc_vectors_open(reader, "colour", &vectors, &values, &value_bytes, &message), PQC_NOT_FOUND,
          "there is no column 'colour'");
    vectors = open_vectors(reader);
    CHECK(vectors != NULL);
    pqc_reader_free(reader);
    expect_vectors(take_rows(vectors, 1), 0, 1);
    expect_vectors(take_rows(vectors, 0), 1, 0);
    pqc_vector_rows *middle = take_rows(vectors, 700), *rest = take_rows(vectors, 299), *more = NULL;
    FAILS(pqc_vectors_next(vectors, 1, &more, &message), PQC_INVALID_ARGUMENT, "'embedding' has 0 more rows, not 1");
    pqc_vectors_free(vectors);
    expect_vectors(rest, 701, 299);
    expect_vectors(middle, 1, 700);
}

static void vectors_come_back_with_every_option(void) {
    vectors_come_back(NULL);
    vectors_come_back(&(pqc_writer_options){.row_group_rows = 400, .dictionary = true});
}

static void compressed_vectors_are_left_to_arrow(void) {
    write_file(in_folder("vectors.parquet"), &(pqc_writer_options){.compression = PQC_COMPRESSION_ZSTD}, 1000, 300);
    pqc_reader *reader = open_reader(in_folder("vectors.parquet"));
    CHECK(open_vectors(reader) == NULL);
    pqc_reader_free(reader);
}

/// Pages whose levels are longer than the first read of a page.
static void vectors_behind_long_levels_come_back(void) {
    const int64_t count = 150000;
    write_file(in_folder("long.parquet"), &(pqc_writer_options){.row_group_rows = count}, count, count);
    pqc_reader *reader = open_reader(in_folder("long.parquet"));
    pqc_vectors *vectors = open_vectors(reader);
    pqc_reader_free(reader);
    expect_vectors(take_rows(vectors, 100000), 0, 100000);
    expect_vectors(take_rows(vectors, 50000), 100000, 50000);
    pqc_vectors_free(vectors);
}

/// A file that is truncated between finding rows and reading them.
static void vanished_vectors_are_reported(void) {
    write_file(in_folder("vanished.parquet"), NULL, 1000, 1000);
    pqc_reader *reader = open_reader(in_folder("vanished.parquet"));
    pqc_vectors *vectors = open_vectors(reader);
    pqc_reader_free(reader);
    pqc_vector_rows *rows = take_rows(vectors, 1000);
    CHECK(truncate(in_folder("vanished.parquet"), 1000) == 0);
    static float values[1000 * dimension];
    FAILS(pqc_vector_rows_read(rows, values, sizeof values, &message), PQC_FORMAT, "column 'embedding': the file is cut off");
    pqc_vector_rows_free(rows);
    pqc_vectors_free(vectors);
}

static void bad_files_are_refused(void) {
    pqc_reader *reader = NULL;
    FAILS(pqc_reader_open(in_folder("missing.parquet"), &reader, &message), PQC_NOT_FOUND,
          "missing.parquet: cannot open: No such file");
    FAILS(pqc_reader_open(folder, &reader, &message), PQC_IO, "cannot open: it is a folder");
    FAILS(pqc_reader_open("/dev/null", &reader, &message), PQC_IO, "cannot open: it is not a regular file");
    FAILS(pqc_reader_open(make_fifo("fifo.parquet"), &reader, &message), PQC_IO, "cannot open: it is not a regular file");

    FILE *text = fopen(in_folder("text.parquet"), "w");
    CHECK(text && fputs("id,score\nthis is not a Parquet file\n", text) > 0 && fclose(text) == 0);
    FAILS(pqc_reader_open(in_folder("text.parquet"), &reader, &message), PQC_FORMAT,
          "text.parquet: cannot read as Parquet: ");
    CHECK(truncate(in_folder("text.parquet"), 0) == 0);
    FAILS(pqc_reader_open(in_folder("text.parquet"), &reader, &message), PQC_FORMAT, "text.parquet");

    write_file(in_folder("short.parquet"), NULL, 1000, 1000);
    struct stat status;
    CHECK(stat(in_folder("short.parquet"), &status) == 0);
    CHECK(truncate(in_folder("short.parquet"), status.st_size / 2) == 0);
    FAILS(pqc_reader_open(in_folder("short.parquet"), &reader, &message), PQC_FORMAT, "short.parquet");
    CHECK(reader == NULL);
}

/// Replaces `from` in a file with bytes of the same length, wherever it occurs.
static void replace_bytes(const char *path, const char *from, const char *to, size_t size) {
    static char bytes[1 << 16];
    FILE *file = fopen(path, "r+b");
    CHECK(file);
    const size_t count = fread(bytes, 1, sizeof bytes, file);
    size_t found = 0;
    for (size_t i = 0; i + size <= count; ++i) {
        if (memcmp(bytes + i, from, size) != 0) continue;
        memcpy(bytes + i, to, size);
        ++found;
    }
    CHECK(found > 0 && count < sizeof bytes && fseek(file, 0, SEEK_SET) == 0);
    CHECK(fwrite(bytes, 1, count, file) == count && fclose(file) == 0);
}

/// The same, in a file that then looks like one of another program, without a checksum of its footer.
static void replace(const char *path, const char *from, const char *to, size_t size) {
    replace_bytes(path, "OCLPfoot", "--------", 8);
    replace_bytes(path, from, to, size);
}

/// C strings end at a NUL, so such a name would become that of another column.
static void names_with_a_nul_are_refused(void) {
    write_file(in_folder("nul.parquet"), NULL, 10, 10);
    replace(in_folder("nul.parquet"), "embedding", "embeddi\0g", 9);
    pqc_reader *reader = NULL;
    FAILS(pqc_reader_open(in_folder("nul.parquet"), &reader, &message), PQC_FORMAT,
          "nul.parquet: cannot read as Parquet: the name of a column holds a NUL");
    write_file(in_folder("nul.parquet"), NULL, 10, 10);
    replace(in_folder("nul.parquet"), "element", "elem\0nt", 7);
    FAILS(pqc_reader_open(in_folder("nul.parquet"), &reader, &message), PQC_FORMAT, "holds a NUL");
    CHECK(reader == NULL);
}

static void metadata_with_a_nul_is_left_out(void) {
    write_file(in_folder("nul.parquet"), NULL, 10, 10);
    replace(in_folder("nul.parquet"), "ViT-B-32", "ViT-B\00032", 8);
    pqc_reader *reader = open_reader(in_folder("nul.parquet"));
    CHECK(pqc_reader_metadata_count(reader) == 2);
    CHECK(pqc_reader_metadata_value(reader, "model") == NULL);
    pqc_reader_free(reader);
}

/// A file with a valid footer and damaged pages.
static void damaged_pages_are_reported(void) {
    write_file(in_folder("damaged.parquet"), NULL, 1000, 1000);
    FILE *file = fopen(in_folder("damaged.parquet"), "r+b");
    static const unsigned char rubbish[20000] = {0xff, 0xff, 0xff};
    CHECK(file && fseek(file, 4, SEEK_SET) == 0);
    CHECK(fwrite(rubbish, 1, sizeof rubbish, file) == sizeof rubbish && fclose(file) == 0);
    pqc_reader *reader = open_reader(in_folder("damaged.parquet"));
    struct ArrowArrayStream stream;
    CHECK_OK(pqc_reader_stream(reader, NULL, 0, 0, &stream, &message));
    pqc_vectors *vectors = open_vectors(reader);
    pqc_reader_free(reader);
    expect_stream_error(&stream, "damaged.parquet: cannot read: ");
    pqc_vector_rows *rows = NULL;
    FAILS(pqc_vectors_next(vectors, 1000, &rows, &message), PQC_FORMAT, "damaged.parquet: cannot read: ");
    FAILS(pqc_vectors_next(vectors, 1, &rows, &message), PQC_INVALID_ARGUMENT, "0 more rows");
    pqc_vectors_free(vectors);
}

static void bad_schemas_and_options_leave_the_file_alone(void) {
    const char *path = in_folder("kept.parquet");
    write_file(path, NULL, 10, 10);
    const int file = open(path, O_WRONLY);
    pqc_writer *writer = NULL;
    struct ArrowSchema *schema = embedding_schema();
    schema->children[0]->format = "no format";
    FAILS(pqc_writer_open(path, file, schema, NULL, NULL, 0, &writer, &message), PQC_INVALID_ARGUMENT, "kept.parquet");
    schema = embedding_schema();
    const struct {
        pqc_writer_options options;
        const char *text;
    } cases[] = {{{.compression_level = 3}, "compression_level is 3"},
                 {{.row_group_rows = -1}, "row_group_rows is -1"},
                 {{.compression = 9}, "no compression 9"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        FAILS(pqc_writer_open(path, file, schema, &cases[i].options, NULL, 0, &writer, &message), PQC_INVALID_ARGUMENT,
              cases[i].text);
    }
    FAILS(pqc_writer_open(path, file, schema, NULL, NULL, 1, &writer, &message), PQC_INVALID_ARGUMENT,
          "metadata is NULL");
    CHECK(writer == NULL && schema->release != NULL && close(file) == 0);
    pqc_reader *reader = open_reader(path);
    CHECK(pqc_reader_row_count(reader) == 10);
    pqc_reader_free(reader);
}

static void bad_batches_are_refused_and_released(void) {
    const char *path = in_folder("batches.parquet");
    pqc_writer *writer = open_writer(path, NULL);
    struct ArrowArray batch = make_embeddings_without_first_id(0, 5);
    FAILS(pqc_writer_write(writer, &batch, &message), PQC_INVALID_ARGUMENT, "column 'id' may not be null");
    CHECK(batch.release == NULL && live_arrays == 0);
    FAILS(pqc_writer_write(writer, &batch, &message), PQC_INVALID_ARGUMENT, "released already");

    batch = make_embeddings(0, 5);
    batch.children[1]->length = 3;
    FAILS(pqc_writer_write(writer, &batch, &message), PQC_INVALID_ARGUMENT, "batches.parquet");
    CHECK(live_arrays == 0);
    batch = make_embeddings(0, 5);
    struct ArrowArray *ids = batch.children[0];
    FAILS(pqc_writer_write(writer, ids, &message), PQC_INVALID_ARGUMENT, "batches.parquet");
    batch.release(&batch);
    CHECK(live_arrays == 0);

    // None of them reached the file, and the writer remains usable.
    batch = make_embeddings(0, 5);
    CHECK_OK(pqc_writer_write(writer, &batch, &message));
    CHECK_OK(pqc_writer_close(writer, &message));
    batch = make_embeddings(0, 5);
    FAILS(pqc_writer_write(writer, &batch, &message), PQC_INVALID_ARGUMENT, "the writer is closed");
    FAILS(pqc_writer_close(writer, &message), PQC_INVALID_ARGUMENT, "the writer is closed");
    CHECK(live_arrays == 0);
    pqc_writer_free(writer);
    pqc_reader *reader = open_reader(path);
    CHECK(pqc_reader_row_count(reader) == 5);
    pqc_reader_free(reader);
}

static void unfinished_file_is_no_parquet_file(void) {
    const char *path = in_folder("unfinished.parquet");
    pqc_writer *writer = open_writer(path, &(pqc_writer_options){.row_group_rows = 10});
    struct ArrowArray batch = make_embeddings(0, 25);
    CHECK_OK(pqc_writer_write(writer, &batch, &message));
    pqc_writer_free(writer);
    CHECK(live_arrays == 0 && access(path, F_OK) == 0);
    pqc_reader *reader = NULL;
    FAILS(pqc_reader_open(path, &reader, &message), PQC_FORMAT, "unfinished.parquet");
}

static void places_that_cannot_be_written_are_reported(void) {
    pqc_writer *writer = NULL;
    FAILS(open_writer_at("/dev/full", embedding_schema(), NULL, NULL, 0, &writer), PQC_IO,
          "/dev/full: cannot write: No space left on device");
    FAILS(pqc_writer_open("closed.parquet", -1, embedding_schema(), NULL, NULL, 0, &writer, &message), PQC_IO,
          "closed.parquet: cannot open for writing: Bad file descriptor");
    CHECK(writer == NULL);
}

/// Whatever happens to the writer.
static void the_descriptor_stays_the_callers(void) {
    const int file = open(in_folder("owned.parquet"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pqc_writer *writer = NULL;
    CHECK_OK(pqc_writer_open("owned.parquet", file, embedding_schema(), NULL, NULL, 0, &writer, &message));
    CHECK_OK(pqc_writer_close(writer, &message));
    pqc_writer_free(writer);
    CHECK(fsync(file) == 0 && close(file) == 0);
    pqc_reader *reader = open_reader(in_folder("owned.parquet"));
    CHECK(pqc_reader_row_count(reader) == 0);
    pqc_reader_free(reader);
}

/// A file size limit simulates a disk that fills up between opening and closing.
static void full_disk_is_reported(void) {
    CHECK(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = 8192;
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);

    pqc_writer *writer = open_writer(in_folder("full.parquet"), &(pqc_writer_options){.row_group_rows = 100});
    struct ArrowArray batch = make_embeddings(0, 1000);
    FAILS(pqc_writer_write(writer, &batch, &message), PQC_IO, "full.parquet: cannot write: File too large");
    FAILS(pqc_writer_close(writer, &message), PQC_INVALID_ARGUMENT, "has failed before");
    pqc_writer_free(writer);
    CHECK(live_arrays == 0);

    writer = open_writer(in_folder("full.parquet"), NULL);
    batch = make_embeddings(0, 1000);
    CHECK_OK(pqc_writer_write(writer, &batch, &message));
    FAILS(pqc_writer_close(writer, &message), PQC_IO, "full.parquet: cannot write: File too large");
    pqc_writer_free(writer);

    limit.rlim_cur = before;
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    pqc_reader *reader = NULL;
    FAILS(pqc_reader_open(in_folder("full.parquet"), &reader, &message), PQC_FORMAT, "full.parquet");
}

static void null_is_freed(void) {
    pqc_writer_free(NULL);
    pqc_reader_free(NULL);
    pqc_vectors_free(NULL);
    pqc_vector_rows_free(NULL);
    pqc_string_free(NULL);
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    folder = argv[1];
    versions();
    rows_come_back_with_every_option();
    schema_and_metadata_come_back();
    columns_are_chosen();
    vectors_come_back_with_every_option();
    vectors_behind_long_levels_come_back();
    compressed_vectors_are_left_to_arrow();
    vanished_vectors_are_reported();
    bad_files_are_refused();
    names_with_a_nul_are_refused();
    metadata_with_a_nul_is_left_out();
    damaged_pages_are_reported();
    bad_schemas_and_options_leave_the_file_alone();
    bad_batches_are_refused_and_released();
    unfinished_file_is_no_parquet_file();
    places_that_cannot_be_written_are_reported();
    the_descriptor_stays_the_callers();
    full_disk_is_reported();
    null_is_freed();
    return 0;
}
