#include "embeddings.h"

#include "check.h"

enum { id_length = 12 };

int live_arrays = 0;

static void release_schema(struct ArrowSchema *schema) {
    schema->release = NULL;
}

struct ArrowSchema *embedding_schema(void) {
    static struct ArrowSchema item, id, embedding, root;
    static struct ArrowSchema *items[] = {&item}, *columns[] = {&id, &embedding};
    item = (struct ArrowSchema){.format = "f", .name = "element", .release = release_schema};
    id = (struct ArrowSchema){.format = "u", .name = "id", .release = release_schema};
    embedding = (struct ArrowSchema){
        .format = "+w:4", .name = "embedding", .n_children = 1, .children = items, .release = release_schema};
    root = (struct ArrowSchema){
        .format = "+s", .name = "", .n_children = 2, .children = columns, .release = release_schema};
    return &root;
}

static void release_array(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; ++i) {
        struct ArrowArray *child = array->children[i];
        if (child->release) child->release(child);
        free(child);
    }
    for (int64_t i = 0; i < array->n_buffers; ++i) free((void *)array->buffers[i]);
    free(array->children);
    free(array->buffers);
    array->release = NULL;
    --live_arrays;
}

static struct ArrowArray make_array(int64_t length, int64_t buffers, int64_t children) {
    ++live_arrays;
    struct ArrowArray array = {.length = length,
                               .n_buffers = buffers,
                               .n_children = children,
                               .buffers = calloc((size_t)buffers, sizeof(void *)),
                               .children = children ? calloc((size_t)children, sizeof(void *)) : NULL,
                               .release = release_array};
    for (int64_t i = 0; i < children; ++i) array.children[i] = malloc(sizeof(struct ArrowArray));
    return array;
}

static struct ArrowArray make_ids(int64_t first, int64_t count) {
    struct ArrowArray ids = make_array(count, 3, 0);
    int32_t *offsets = malloc(((size_t)count + 1) * sizeof(int32_t));
    char *text = malloc((size_t)count * id_length + 1);
    for (int64_t r = 0; r <= count; ++r) offsets[r] = (int32_t)(r * id_length);
    for (int64_t r = 0; r < count; ++r) snprintf(text + r * id_length, id_length + 1, "image-%06d", (int)(first + r));
    ids.buffers[1] = offsets;
    ids.buffers[2] = text;
    return ids;
}

struct ArrowArray make_embeddings(int64_t first, int64_t count) {
    float *values = malloc((size_t)(count ? count : 1) * dimension * sizeof(float));
    for (int64_t i = 0; i < count * dimension; ++i) {
        values[i] = (float)(first + i / dimension) + (float)(i % dimension) / 8;
    }
    struct ArrowArray rows = make_array(count, 1, 2);
    *rows.children[0] = make_ids(first, count);
    *rows.children[1] = make_array(count, 1, 1);
    *rows.children[1]->children[0] = make_array(count * dimension, 2, 0);
    rows.children[1]->children[0]->buffers[1] = values;
    return rows;
}

struct ArrowArray make_embeddings_without_first_id(int64_t first, int64_t count) {
    struct ArrowArray rows = make_embeddings(first, count);
    uint8_t *validity = malloc((size_t)count / 8 + 1);
    memset(validity, 0xff, (size_t)count / 8 + 1);
    validity[0] = 0xfe;
    rows.children[0]->buffers[0] = validity;
    rows.children[0]->null_count = 1;
    return rows;
}

bool are_embeddings(const struct ArrowArray *ids, const struct ArrowArray *vectors, int64_t first, int64_t count) {
    struct ArrowArray wanted = make_embeddings(first, count);
    bool same = ids->length == count && vectors->length == count;
    const int32_t *offsets = (const int32_t *)ids->buffers[1] + ids->offset;
    const struct ArrowArray *items = vectors->children[0];
    const float *values = (const float *)items->buffers[1] + items->offset + vectors->offset * dimension;
    same = same && offsets[count] - offsets[0] == count * id_length;
    same = same && memcmp((const char *)ids->buffers[2] + offsets[0], wanted.children[0]->buffers[2],
                          (size_t)count * id_length) == 0;
    same = same && memcmp(values, wanted.children[1]->children[0]->buffers[1],
                          (size_t)count * dimension * sizeof(float)) == 0;
    wanted.release(&wanted);
    return same;
}
