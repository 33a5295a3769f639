// Test of CSV streams and of columns converted to few types. Argument: a folder to write into.
#define _DEFAULT_SOURCE
#include <errno.h>

#include "check.h"
#include "embeddings.h"
#include "in_folder.h"

enum { most_row_bytes = 1 << 20 };

/// Writes `start`, followed by the given number of copies of `row`.
static const char *write_text(const char *name, const char *start, const char *row, int count) {
    const char *path = in_folder(name);
    FILE *file = fopen(path, "w");
    CHECK(file && fputs(start, file) >= 0);
    for (int i = 0; i < count; ++i) CHECK(fputs(row, file) >= 0);
    CHECK(fclose(file) == 0);
    return path;
}

static void append_text(const char *path, const char *row, int count) {
    FILE *file = fopen(path, "a");
    CHECK(file);
    for (int i = 0; i < count; ++i) CHECK(fputs(row, file) >= 0);
    CHECK(fclose(file) == 0);
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

static int64_t count_rows(struct ArrowArrayStream *stream, int64_t most_in_a_batch) {
    int64_t rows = 0;
    for (;;) {
        struct ArrowArray batch;
        CHECK(stream->get_next(stream, &batch) == 0);
        if (!batch.release) break;
        CHECK(batch.length <= most_in_a_batch);
        rows += batch.length;
        batch.release(&batch);
    }
    stream->release(stream);
    return rows;
}

/// Adds a value of a text column to `text`, at most `size` bytes.
static void add_value(char *text, size_t size, const struct ArrowArray *column, int64_t row) {
    const uint8_t *validity = column->buffers[0];
    const int64_t *ends = column->buffers[1];
    const size_t used = strlen(text);
    if (validity && !(validity[row / 8] >> row % 8 & 1)) {
        snprintf(text + used, size - used, "-");
    } else {
        snprintf(text + used, size - used, "%.*s", (int)(ends[row + 1] - ends[row]),
                 (const char *)column->buffers[2] + ends[row]);
    }
}

/// Expects rows, each written as its values separated by `|`, with `-` for null, and followed by `;`. The last value is
/// the error of the row.
static void expect_rows(const char *path, char delimiter, pqc_quoting quoting, const char *wanted) {
    struct ArrowArrayStream stream;
    CHECK_OK(pqc_csv_stream(path, delimiter, quoting, NULL, 0, &stream, &message));
    static char found[1 << 16];
    found[0] = 0;
    for (;;) {
        struct ArrowArray batch;
        CHECK(stream.get_next(&stream, &batch) == 0);
        if (!batch.release) break;
        for (int64_t row = 0; row < batch.length; ++row) {
            for (int64_t i = 0; i < batch.n_children; ++i) {
                add_value(found, sizeof found, batch.children[i], row);
                strcat(found, i + 1 < batch.n_children ? "|" : ";");
            }
        }
        batch.release(&batch);
    }
    stream.release(&stream);
    if (strcmp(found, wanted) != 0) {
        fprintf(stderr, "%s: rows are\n%s\nnot\n%s\n", path, found, wanted);
        exit(1);
    }
}

static void columns_are_text_in_the_order_asked_for(void) {
    const char *path = write_text("few.csv", "id,path,note\n1,a.png,\n", "2,b.png,x\n", 1);
    const char *wanted[] = {"path", "id"}, *formats[] = {"U", "U", "U", "U"};
    const char *all[] = {"id", "path", "note", ""}, *two[] = {"path", "id", ""};
    struct ArrowArrayStream stream;
    CHECK_OK(pqc_csv_stream(path, ',', PQC_QUOTING_STANDARD, NULL, 0, &stream, &message));
    expect_columns(&stream, 4, all, formats);
    CHECK(count_rows(&stream, 2) == 2);
    CHECK_OK(pqc_csv_stream(path, ',', PQC_QUOTING_STANDARD, wanted, 2, &stream, &message));
    expect_columns(&stream, 3, two, formats);
    CHECK(count_rows(&stream, 2) == 2);
    expect_rows(path, ',', PQC_QUOTING_STANDARD, "1|a.png|-|-;2|b.png|x|-;");
}

static void memory_is_bounded(void) {
    const char *path = write_text("many.csv", "id,path\n", "0123456789,a folder/photo.png\n", 500000);
    struct ArrowArrayStream stream;
    CHECK_OK(pqc_csv_stream(path, ',', PQC_QUOTING_STANDARD, NULL, 0, &stream, &message));
    CHECK(count_rows(&stream, 4096) == 500000);
}

/// Rows cross the boundaries between reads, wherever these are.
static void long_rows_come_back(void) {
    static char value[most_row_bytes - 2];
    for (size_t size = 1; size < sizeof value; size = size * 3 + 1) {
        memset(value, 'x', size);
        value[size] = 0;
        const char *path = write_text("long.csv", "a,b\n", "", 0);
        FILE *file = fopen(path, "a");
        CHECK(file);
        const int count = (int)(9000000 / (size + 4));
        for (int i = 0; i < count; ++i) CHECK(fprintf(file, "\"%s\",y\n", value) > 0);
        CHECK(fclose(file) == 0);
        struct ArrowArrayStream stream;
        const char *wanted[] = {"a"};
        CHECK_OK(pqc_csv_stream(path, ',', PQC_QUOTING_STANDARD, wanted, 1, &stream, &message));
        int64_t rows = 0;
        for (;;) {
            struct ArrowArray batch;
            CHECK(stream.get_next(&stream, &batch) == 0);
            if (!batch.release) break;
            const int64_t *ends = batch.children[0]->buffers[1];
            CHECK(batch.children[1]->null_count == batch.length);
            for (int64_t row = 0; row < batch.length; ++row) {
                CHECK(ends[row + 1] - ends[row] == (int64_t)size);
                CHECK(memcmp((const char *)batch.children[0]->buffers[2] + ends[row], value, size) == 0);
            }
            rows += batch.length;
            batch.release(&batch);
        }
        stream.release(&stream);
        CHECK(rows == count);
    }
}

static void quotes_mean_what_they_are_said_to(void) {
    const char *standard = write_text("quotes.csv", "a,b\n\"x,\"\"y\"\"\n\",1\n5\" lens,\"\"\n\"x\"y\"\"z,\"p\r\nq\"\n", "", 0);
    expect_rows(standard, ',', PQC_QUOTING_STANDARD, "x,\"y\"\n|1|-;5\" lens|-|-;xy\"\"z|p\r\nq|-;");
    const char *tabs = write_text("quotes.tsv", "a\tb\n\"x\t1\n2\ty\"\n\"a \"\"b\"\"\"\t\"\"\n\"a\"b\"\t\"\n", "", 0);
    expect_rows(tabs, '\t', PQC_QUOTING_WHOLE_VALUES, "\"x|1|-;2|y\"|-;a \"b\"|-|-;\"a\"b\"|\"|-;");
    expect_rows(tabs, '\t', PQC_QUOTING_NONE, "\"x|1|-;2|y\"|-;\"a \"\"b\"\"\"|\"\"|-;\"a\"b\"|\"|-;");
    const char *cut = write_text("cut.tsv", "a\tb\n1\t\"x\ny\"\n\"1\t2\"\t3\n", "", 0);
    expect_rows(cut, '\t', PQC_QUOTING_STANDARD, "1|x\ny|-;1\t2|3|-;");
    expect_rows(cut, '\t', PQC_QUOTING_WHOLE_VALUES,
                "1|\"x|-;-|-|has 1 value (line 3), and the header has 2;-|-|has 3 values (line 4), and the header has 2; "
                "a quoted value that holds delimiters or newlines needs standard quoting;");
}

static void lines_end_in_three_ways(void) {
    expect_rows(write_text("ends.csv", "\xEF\xBB\xBF" "a,b\r\n\r\n1,2\r3,4\n\n\r5,", "", 0), ',', PQC_QUOTING_STANDARD,
                "1|2|-;3|4|-;5|-|-;");
}

static void a_bad_row_spoils_no_other(void) {
    expect_rows(write_text("short.csv", "a,b\n1,2\n3\n4,5,6\n7,8\n", "", 0), ',', PQC_QUOTING_STANDARD,
                "1|2|-;-|-|has 1 value (line 3), and the header has 2;"
                "-|-|has 3 values (line 4), and the header has 2;7|8|-;");
    expect_rows(write_text("latin-1.csv", "a,b\n1,caf\xE9\n2,x\n", "", 0), ',', PQC_QUOTING_STANDARD,
                "1|caf\xE9|-;2|x|-;");
    expect_rows(write_text("open.csv", "a,b\n\"1\n1\",\"x\"\"\n2,y\n3,z", "", 0), ',', PQC_QUOTING_STANDARD,
                "-|-|has a quoted value, in line 3, that does not end;2|y|-;3|z|-;");

    const char *path = write_text("late.csv", "a,b\n", "0123456789,a folder/photo.png\n", 300000);
    append_text(path, "1,\"2\n", 1);
    append_text(path, "0123456789,a folder/photo.png\n", 300000);
    struct ArrowArrayStream stream;
    CHECK_OK(pqc_csv_stream(path, ',', PQC_QUOTING_STANDARD, NULL, 0, &stream, &message));
    CHECK(count_rows(&stream, 4096) == 600001);
}

static void a_row_that_is_too_long_spoils_no_other(void) {
    const char *path = write_text("too-long.csv", "a,b\n1,2\n3,", "0123456789", 9000000 / 10);
    append_text(path, "\n5,6\n", 1);
    expect_rows(path, ',', PQC_QUOTING_STANDARD, "1|2|-;-|-|has more than 1048576 bytes;5|6|-;");
    write_text("too-long.csv", "a,b\n1,2\n3,\"", "0123456789", 9000000 / 10);
    append_text(path, "\n5,6\n", 1);
    expect_rows(path, ',', PQC_QUOTING_STANDARD,
                "1|2|-;-|-|has a quoted value, in line 3, that does not end;5|6|-;");
}

static void bad_headers_are_refused(void) {
    struct ArrowArrayStream stream;
    const char *wanted[] = {"c"};
    static const struct {
        const char *text;
        size_t size;
        const char *reason;
    } headers[] = {
        {"", 0, "cannot read as CSV: it is empty, and has no header"},
        {"\n\n", 2, "cannot read as CSV: it is empty, and has no header"},
        {"a,\"b\n1,2\n", 9, "the header has a quoted value, in line 1, that does not end"},
        {"sep=,\n", 6, "cannot read as CSV: it is empty, and has no header"},
        {"a\0,b\0", 5, "the header holds a NUL; is it UTF-16?"},
        {"a,\xE9\n", 4, "the header is not UTF-8"},
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; ++i) {
        FILE *file = fopen(in_folder("header.csv"), "w");
        CHECK(file && fwrite(headers[i].text, 1, headers[i].size, file) == headers[i].size && fclose(file) == 0);
        FAILS(pqc_csv_stream(in_folder("header.csv"), ',', PQC_QUOTING_STANDARD, NULL, 0, &stream, &message), PQC_FORMAT,
              headers[i].reason);
    }
    FAILS(pqc_csv_stream(write_text("header.csv", "a,b\n", "", 0), ',', PQC_QUOTING_STANDARD, wanted, 1, &stream, &message),
          PQC_NOT_FOUND, "header.csv: there is no column 'c'");
    FAILS(pqc_csv_stream(in_folder("header.csv"), '"', PQC_QUOTING_STANDARD, NULL, 0, &stream, &message),
          PQC_INVALID_ARGUMENT, "cannot be the delimiter");
    FAILS(pqc_csv_stream(in_folder("header.csv"), ',', (pqc_quoting)3, NULL, 0, &stream, &message), PQC_INVALID_ARGUMENT,
          "there is no quoting 3");
    FAILS(pqc_csv_stream(in_folder("header.csv"), ',', (pqc_quoting)9, NULL, 0, &stream, &message), PQC_INVALID_ARGUMENT,
          "there is no quoting 9");
    FAILS(pqc_csv_stream(in_folder("none.csv"), ',', PQC_QUOTING_STANDARD, NULL, 0, &stream, &message), PQC_NOT_FOUND,
          "none.csv: cannot open");
    FAILS(pqc_csv_stream(make_fifo("fifo.csv"), ',', PQC_QUOTING_STANDARD, NULL, 0, &stream, &message), PQC_IO,
          "fifo.csv: cannot open: it is not a regular file");
}

static void expect_names(const char *path, int64_t count, const char *const *names, const char *const *names_in_file) {
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    CHECK_OK(pqc_csv_stream(path, ',', PQC_QUOTING_STANDARD, NULL, 0, &stream, &message));
    CHECK(stream.get_schema(&stream, &schema) == 0);
    CHECK(schema.n_children == count + 1);
    for (int64_t i = 0; i < count; ++i) {
        CHECK(strcmp(schema.children[i]->name, names[i]) == 0);
        const char *metadata = schema.children[i]->metadata;
        CHECK((metadata == NULL) == (strcmp(names[i], names_in_file[i]) == 0));
        // One pair: its number, then each text after its length.
        if (metadata) CHECK(memcmp(metadata + 8 + 12 + 4, names_in_file[i], strlen(names_in_file[i])) == 0);
    }
    schema.release(&schema);
    stream.release(&stream);
}

static void each_name_occurs_once(void) {
    const char *names[] = {"column_1", "a", "a_3", "a_2", "a_4", "column_6_2", "column_6"};
    const char *names_in_file[] = {"", "a", "a", "a_2", "a", "", "column_6"};
    const char *path = write_text("names.csv", ",a,a,a_2,a,,column_6\n1,2,3,4,5,6,7\n", "", 0);
    expect_names(path, 7, names, names_in_file);
    struct ArrowArrayStream stream;
    const char *wanted[] = {"a_3", "column_1"};
    CHECK_OK(pqc_csv_stream(path, ',', PQC_QUOTING_STANDARD, wanted, 2, &stream, &message));
    CHECK(count_rows(&stream, 1) == 1);
}

static void spaces_are_dropped_if_the_header_has_them(void) {
    expect_rows(write_text("spaces.csv", "a, b\n1 , \"x, y\" \n \n ,z\n", "", 0), ',', PQC_QUOTING_STANDARD,
                "1|x, y|-;-|z|-;");
    expect_rows(write_text("no-spaces.csv", "a,b\n1 , x\n", "", 0), ',', PQC_QUOTING_STANDARD, "1 | x|-;");
}

static void the_line_that_names_the_delimiter_is_skipped(void) {
    expect_rows(write_text("sep.csv", "\xEF\xBB\xBFsep=;\r\na;b\r\n1;2\r\n3\r\n", "", 0), ';', PQC_QUOTING_STANDARD,
                "1|2|-;-|-|has 1 value (line 4), and the header has 2;");
    expect_rows(write_text("sep.csv", "sep=;,b\n1,2\n", "", 0), ',', PQC_QUOTING_STANDARD, "1|2|-;");
}

static void further_empty_values_are_ignored(void) {
    expect_rows(write_text("further.csv", "a,b\n1,2,,\"\"\n3,4,,x\n", "", 0), ',', PQC_QUOTING_STANDARD,
                "1|2|-;-|-|has 4 values (line 3), and the header has 2;");
}

static void lists_of_numbers_are_json(void) {
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
    int64_t items = 0;
    CHECK_OK(pqc_reader_item_count(reader, "id", &items, &message));
    CHECK(items == 100);
    CHECK_OK(pqc_reader_item_count(reader, "embedding", &items, &message));
    CHECK(items == 400);
    FAILS(pqc_reader_item_count(reader, "none", &items, &message), PQC_NOT_FOUND, "there is no column 'none'");
    pqc_reader_free(reader);  // the stream stays valid
    const char *names[] = {"id", "embedding"}, *formats[] = {"U", "U"};
    expect_columns(&stream, 2, names, formats);
    CHECK(count_rows(&stream, 30) == 100);
}

static int lose_connection(struct ArrowArrayStream *stream, struct ArrowArray *batch) {
    (void)stream, (void)batch;
    return EIO;
}

static const char *tell_why(struct ArrowArrayStream *stream) {
    (void)stream;
    return "the connection is lost";
}

static void batches_of_the_caller_are_converted(void) {
    const char *names[] = {"embedding", "id"}, *formats[] = {"U", "U"}, *unknown[] = {"none"};
    struct ArrowArrayStream source, stream;
    pqc_reader *reader = NULL;
    CHECK_OK(pqc_reader_open(in_folder("plain.parquet"), &reader, &message));
    CHECK_OK(pqc_reader_stream(reader, NULL, 0, 30, &source, &message));
    CHECK_OK(pqc_plain_stream("the query", &source, names, 2, &stream, &message));
    CHECK(source.release == NULL);
    expect_columns(&stream, 2, names, formats);
    CHECK(count_rows(&stream, 30) == 100);

    CHECK_OK(pqc_reader_stream(reader, NULL, 0, 30, &source, &message));
    FAILS(pqc_plain_stream("the query", &source, unknown, 1, &stream, &message), PQC_NOT_FOUND,
          "the query: there is no column 'none'");
    CHECK(source.release == NULL);

    CHECK_OK(pqc_reader_stream(reader, NULL, 0, 30, &source, &message));
    source.get_next = lose_connection;
    source.get_last_error = tell_why;
    CHECK_OK(pqc_plain_stream("the query", &source, NULL, 0, &stream, &message));
    struct ArrowArray batch;
    CHECK(stream.get_next(&stream, &batch) == EIO);
    const char *reason = stream.get_last_error(&stream);
    CHECK(reason && strstr(reason, "the query: cannot read") && strstr(reason, "the connection is lost"));
    stream.release(&stream);
    pqc_reader_free(reader);
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    folder = argv[1];
    columns_are_text_in_the_order_asked_for();
    memory_is_bounded();
    long_rows_come_back();
    quotes_mean_what_they_are_said_to();
    lines_end_in_three_ways();
    a_bad_row_spoils_no_other();
    a_row_that_is_too_long_spoils_no_other();
    bad_headers_are_refused();
    each_name_occurs_once();
    spaces_are_dropped_if_the_header_has_them();
    the_line_that_names_the_delimiter_is_skipped();
    further_empty_values_are_ignored();
    lists_of_numbers_are_json();
    batches_of_the_caller_are_converted();
    return 0;
}
