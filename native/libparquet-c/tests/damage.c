// Flips each bit of a file in turn: reading fails, or gives what was written.
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "embeddings.h"
#include "in_folder.h"

enum { rows = 40, rows_per_read = 7 };

static const pqc_key_value metadata[] = {{"model", "ViT-B-32"}, {"preprocessing", "shortest 224x224 bicubic"}};
static const char *path;

static void write_file(const pqc_writer_options *options) {
    pqc_writer *writer = NULL;
    CHECK_OK(open_writer_at(path, embedding_schema(), options, metadata, 2, &writer));
    struct ArrowArray batch = make_embeddings(0, rows);
    CHECK_OK(pqc_writer_write(writer, &batch, &message));
    CHECK_OK(pqc_writer_close(writer, &message));
    pqc_writer_free(writer);
}

/// Whether a call failed, as damage and with a message that names the file; frees the message.
static bool is_found(pqc_status status) {
    if (status == PQC_OK) return false;
    // Damage may look like a column that is not there, or like a file that is cut off.
    CHECK(status == PQC_FORMAT || status == PQC_NOT_FOUND || status == PQC_IO);
    CHECK(message && strstr(message, path));
    pqc_string_free(message);
    message = NULL;
    return true;
}

static void check_footer(const pqc_reader *reader) {
    CHECK(pqc_reader_row_count(reader) == rows && pqc_reader_metadata_count(reader) == 2);
    for (size_t i = 0; i < 2; ++i) {
        const pqc_key_value entry = pqc_reader_metadata_entry(reader, i);
        CHECK(strcmp(entry.key, metadata[i].key) == 0 && strcmp(entry.value, metadata[i].value) == 0);
    }
    struct ArrowSchema schema;
    CHECK_OK(pqc_reader_schema(reader, &schema, &message));
    CHECK(schema.n_children == 2 && strcmp(schema.children[1]->format, "+w:4") == 0);
    schema.release(&schema);
}

/// Whether damage is found on reading all rows with Arrow, which must otherwise be those that were written.
static bool is_found_by_stream(const pqc_reader *reader) {
    struct ArrowArrayStream stream;
    if (is_found(pqc_reader_stream(reader, NULL, 0, rows, &stream, &message))) return true;
    struct ArrowArray batch = {.release = NULL};
    bool found = stream.get_next(&stream, &batch) != 0;
    if (!found) {
        CHECK(batch.release && are_embeddings(batch.children[0], batch.children[1], 0, rows));
        batch.release(&batch);
        found = stream.get_next(&stream, &batch) != 0;
        CHECK(found || !batch.release);
    }
    stream.release(&stream);
    return found;
}

/// Whether damage is found on reading the vectors, several times within a page.
static bool is_found_in_vectors(const pqc_reader *reader) {
    pqc_vectors *vectors = NULL;
    size_t length = 0, value_bytes = 0;
    if (is_found(pqc_vectors_open(reader, "embedding", &vectors, &length, &value_bytes, &message))) return true;
    bool found = false;
    for (int first = 0; vectors && first < rows && !found; first += rows_per_read) {
        const int count = rows - first < rows_per_read ? rows - first : rows_per_read;
        float values[rows_per_read * dimension];
        pqc_vector_rows *taken = NULL;
        found = is_found(pqc_vectors_next(vectors, (size_t)count, &taken, &message));
        if (found) break;
        found = is_found(pqc_vector_rows_read(taken, values, sizeof values, &message));
        pqc_vector_rows_free(taken);
        if (found) break;
        struct ArrowArray wanted = make_embeddings(first, count);
        CHECK(memcmp(values, wanted.children[1]->children[0]->buffers[1], (size_t)count * dimension * sizeof *values) == 0);
        wanted.release(&wanted);
    }
    pqc_vectors_free(vectors);
    return found;
}

static bool is_damage_found(void) {
    pqc_reader *reader = NULL;
    if (is_found(pqc_reader_open(path, &reader, &message))) return true;
    check_footer(reader);
    const bool in_stream = is_found_by_stream(reader), in_vectors = is_found_in_vectors(reader);
    pqc_reader_free(reader);
    return in_stream || in_vectors;
}

static void every_flipped_bit_is_found_or_harmless(const pqc_writer_options *options) {
    write_file(options);
    CHECK(!is_damage_found());
    FILE *file = fopen(path, "r+b");
    CHECK(file && fseek(file, 0, SEEK_END) == 0);
    const long size = ftell(file);
    long found = 0;
    for (long position = 0; position < size; ++position) {
        CHECK(fseek(file, position, SEEK_SET) == 0);
        const int byte = fgetc(file);
        for (int bit = 0; bit < 8; ++bit) {
            CHECK(fseek(file, position, SEEK_SET) == 0 && fputc(byte ^ 1 << bit, file) != EOF && fflush(file) == 0);
            found += is_damage_found();
        }
        CHECK(fseek(file, position, SEEK_SET) == 0 && fputc(byte, file) != EOF && fflush(file) == 0);
    }
    CHECK(fclose(file) == 0 && !is_damage_found() && live_arrays == 0);
    printf("%ld of %ld flipped bits found, the others harmless\n", found, 8 * size);
    // The first four bytes of a file, and the mark of the footer's checksum, are read by nobody or tell nothing.
    CHECK(found > 8 * size * 9 / 10);
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    folder = arguments[1];
    char name[4096];
    snprintf(name, sizeof name, "%s", in_folder("flipped.parquet"));
    path = name;
    every_flipped_bit_is_found_or_harmless(&(pqc_writer_options){.row_group_rows = 25});
    every_flipped_bit_is_found_or_harmless(&(pqc_writer_options){.compression = PQC_COMPRESSION_ZSTD});
    return 0;
}
