// Test of CSV streams and of columns converted to few types. Argument: a folder to write into.
#include "check.h"
#include "embeddings.h"
#include "in_folder.h"

/// Writes `start`, and then `row` as often as asked for.
static const char *write_text(const char *name, const char *start, const char *row, int count) {
    const char *path = in_folder(name);
    FILE *file = fopen(path, "w");
    CHECK(file && fputs(start, file) >= 0);
    for (int i = 0; i < count; ++i) CHECK(fputs(row, file) >= 0);
    CHECK(fclose(file) == 0);
    return path;
}

static void expect_columns(struct ArrowArrayStream *stream, int64_t count, const char *const *names,
                           const char *const *formats) {
    struct ArrowSchema schema;
    CHECK(stream->get_schema(stream, &schema) == 0);
    CHECK(schema.n_children == count);
    for (int64_t i = 0; i < count; ++i) {
        CHECK(strcmp(schema.children[i]->name, names[i]) == 0);
        CHECK(strcmp(schema.children[i]->format, formats[i]) == 0);
    }
    schema.release(&schema);
}

/// Reads to the end, or to an error that contains `error`.
static int64_t count_rows(struct ArrowArrayStream *stream, int64_t most_in_a_batch, const char *error) {
    int64_t rows = 0;
    for (;;) {
        struct ArrowArray batch;
        if (stream->get_next(stream, &batch) != 0) {
            CHECK(error && strstr(stream->get_last_error(stream), error));
            break;
        }
        if (!batch.release) {
            CHECK(!error);
            break;
        }
        CHECK(batch.length <= most_in_a_batch);
        rows += batch.length;
        batch.release(&batch);
    }
    stream->release(stream);
    return rows;
}

static void columns_are_text_in_the_order_asked_for(void) {
    const char *path = write_text("few.csv", "id,path,note\n1,a.png,\n", "2,b.png,x\n", 1);
    const char *wanted[] = {"path", "id"}, *all[] = {"id", "path", "note"}, *formats[] = {"U", "U", "U"};
    struct ArrowArrayStream stream;
    CHECK_OK(pqc_csv_stream(path, ',', NULL, 0, &stream, &message));
    expect_columns(&stream, 3, all, formats);
    CHECK(count_rows(&stream, 2, NULL) == 2);
    CHECK_OK(pqc_csv_stream(path, ',', wanted, 2, &stream, &message));
    expect_columns(&stream, 2, wanted, formats);
    CHECK(count_rows(&stream, 2, NULL) == 2);
}

static void memory_is_bounded(void) {
    const char *path = write_text("many.csv", "id,path\n", "0123456789,a folder/photo.png\n", 500000);
    struct ArrowArrayStream stream;
    CHECK_OK(pqc_csv_stream(path, ',', NULL, 0, &stream, &message));
    CHECK(count_rows(&stream, (2 << 20) / 30 + 1, NULL) == 500000);
}

static void bad_tables_are_refused(void) {
    struct ArrowArrayStream stream;
    FAILS(pqc_csv_stream(in_folder("none.csv"), ',', NULL, 0, &stream, &message), PQC_NOT_FOUND,
          "none.csv: cannot open");
    FAILS(pqc_csv_stream(write_text("empty.csv", "", "", 0), ',', NULL, 0, &stream, &message), PQC_FORMAT,
          "empty.csv: cannot read as CSV: Empty CSV file");
    FAILS(pqc_csv_stream(write_text("quote.csv", "a,b\n1,\"x\n", "1,2\n", 9), ',', NULL, 0, &stream, &message),
          PQC_FORMAT, "quote.csv: cannot read as CSV: the quoted value that starts in line 2 does not end");
    const char *late = write_text("late.csv", "a,b\n", "0123456789,a folder/photo.png\n", 300000);
    FILE *file = fopen(late, "a");
    CHECK(file && fputs("1,2,3\n", file) > 0 && fclose(file) == 0);
    CHECK_OK(pqc_csv_stream(late, ',', NULL, 0, &stream, &message));
    CHECK(count_rows(&stream, INT64_MAX, "late.csv: cannot read: CSV parse error: Row #300002: Expected 2") > 0);
}

static void columns_of_other_types_stay_as_they_are(void) {
    const char *path = in_folder("plain.parquet");
    pqc_writer *writer = NULL;
    CHECK_OK(open_writer_at(path, embedding_schema(), NULL, NULL, 0, &writer));
    struct ArrowArray batch = make_embeddings(0, 100);
    CHECK_OK(pqc_writer_write(writer, &batch, &message));
    CHECK_OK(pqc_writer_close(writer, &message));
    pqc_writer_free(writer);

    pqc_reader *reader = NULL;
    CHECK_OK(pqc_reader_open(path, &reader, &message));
    struct ArrowArrayStream stream;
    CHECK_OK(pqc_reader_plain_stream(reader, NULL, 0, 30, &stream, &message));
    pqc_reader_free(reader);  // the stream goes on
    const char *names[] = {"id", "embedding"}, *formats[] = {"U", "+w:4"};
    expect_columns(&stream, 2, names, formats);
    CHECK(count_rows(&stream, 30, NULL) == 100);
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    folder = argv[1];
    columns_are_text_in_the_order_asked_for();
    memory_is_bounded();
    bad_tables_are_refused();
    columns_of_other_types_stay_as_they_are();
    return 0;
}
