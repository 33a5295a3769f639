// Row groups are read alone, so that damage in one costs no rows of another.
#include <string.h>

#include "check.h"
#include "embeddings.h"
#include "in_folder.h"

enum { rows = 90, group_rows = 40, groups = 3 };

static const char *path;

static void write_file(void) {
    pqc_writer *writer = NULL;
    const pqc_writer_options options = {.row_group_rows = group_rows};
    CHECK_OK(open_writer_at(path, embedding_schema(), &options, NULL, 0, &writer));
    struct ArrowArray batch = make_embeddings(0, rows);
    CHECK_OK(pqc_writer_write(writer, &batch, &message));
    CHECK_OK(pqc_writer_close(writer, &message));
    pqc_writer_free(writer);
}

/// Changes the id of a row in its page.
static void damage_id(int row) {
    char id[16];
    const size_t length = (size_t)snprintf(id, sizeof id, "image-%06d", row);
    FILE *file = fopen(path, "r+b");
    char bytes[1 << 16];
    CHECK(file);
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    size_t position = 0;
    while (position + length <= size && memcmp(bytes + position, id, length) != 0) ++position;
    CHECK(position + length <= size && fseek(file, (long)(position + length - 1), SEEK_SET) == 0);
    CHECK(fputc('x', file) != EOF && fclose(file) == 0);
}

static pqc_reader *open_file(void) {
    pqc_reader *reader = NULL;
    CHECK_OK(pqc_reader_open(path, &reader, &message));
    return reader;
}

static pqc_reader *open_group(const pqc_reader *reader, int32_t position) {
    pqc_reader *group = NULL;
    CHECK_OK(pqc_reader_open_row_group(reader, position, &group, &message));
    return group;
}

/// Whether all rows of a row group can be read, which must then be those that were written.
static bool is_sound(const pqc_reader *reader, int32_t position) {
    pqc_reader *group = open_group(reader, position);
    const int first = position * group_rows, count = rows - first < group_rows ? rows - first : group_rows;
    CHECK(pqc_reader_row_count(group) == count && pqc_reader_row_group_count(group) == 1);
    struct ArrowArrayStream stream;
    CHECK_OK(pqc_reader_stream(group, NULL, 0, rows, &stream, &message));
    pqc_reader_free(group);
    struct ArrowArray batch = {.release = NULL};
    const bool sound = stream.get_next(&stream, &batch) == 0;
    if (sound) {
        CHECK(batch.release && batch.length == count && are_embeddings(batch.children[0], batch.children[1], first, count));
        batch.release(&batch);
        CHECK(stream.get_next(&stream, &batch) == 0 && !batch.release);
    }
    stream.release(&stream);
    return sound;
}

static void each_has_its_rows(void) {
    write_file();
    pqc_reader *reader = open_file();
    CHECK(pqc_reader_row_group_count(reader) == groups);
    for (int32_t position = 0; position < groups; ++position) CHECK(is_sound(reader, position));
    pqc_reader *none = NULL;
    FAILS(pqc_reader_open_row_group(reader, groups, &none, &message), PQC_INVALID_ARGUMENT, "row group 3 of 3");
    FAILS(pqc_reader_open_row_group(reader, -1, &none, &message), PQC_INVALID_ARGUMENT, "row group -1 of 3");
    pqc_reader_free(reader);
}

static void each_has_its_vectors(void) {
    write_file();
    pqc_reader *reader = open_file();
    pqc_reader *second = open_group(reader, 1);
    pqc_reader_free(reader);
    pqc_vectors *vectors = NULL;
    size_t length = 0, value_bytes = 0;
    CHECK_OK(pqc_vectors_open(second, "embedding", &vectors, &length, &value_bytes, &message));
    pqc_reader_free(second);
    pqc_vector_rows *taken = NULL;
    float values[group_rows * dimension];
    CHECK_OK(pqc_vectors_next(vectors, group_rows, &taken, &message));
    CHECK_OK(pqc_vector_rows_read(taken, values, sizeof values, &message));
    pqc_vector_rows_free(taken);
    FAILS(pqc_vectors_next(vectors, 1, &taken, &message), PQC_INVALID_ARGUMENT, "0 more rows");
    pqc_vectors_free(vectors);
    struct ArrowArray wanted = make_embeddings(group_rows, group_rows);
    CHECK(memcmp(values, wanted.children[1]->children[0]->buffers[1], sizeof values) == 0);
    wanted.release(&wanted);
}

static void damage_in_one_does_not_concern_others(void) {
    write_file();
    damage_id(group_rows + 5);
    pqc_reader *reader = open_file();
    CHECK(is_sound(reader, 0) && !is_sound(reader, 1) && is_sound(reader, 2));
    pqc_reader_free(reader);
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    folder = arguments[1];
    char name[4096];
    snprintf(name, sizeof name, "%s", in_folder("groups.parquet"));
    path = name;
    each_has_its_rows();
    each_has_its_vectors();
    damage_in_one_does_not_concern_others();
    CHECK(live_arrays == 0);
    return 0;
}
