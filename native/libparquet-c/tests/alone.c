// Without its implementation, libparquet-c reports what is missing. Argument: the folder with only that library.
#include "check.h"
#include "libparquet-c.h"

static char *message = NULL;

#define FAILS(call, text) CHECK_FAILS(call, PQC_UNAVAILABLE, text, pqc_string_free)

int main(int argc, char **argv) {
    CHECK(argc == 2);
    char place[4096];
    snprintf(place, sizeof place, "%s/swift-openclip/libparquet-c-implementation-%s.so", argv[1], pqc_version());
    pqc_reader *reader = NULL;
    FAILS(pqc_reader_open("a.parquet", &reader, &message), "Arrow cannot be loaded: ");
    FAILS(pqc_reader_open("a.parquet", &reader, &message), place);
    FAILS(pqc_reader_open("a.parquet", &reader, &message), "Run 'make setup'");
    CHECK(pqc_reader_open("a.parquet", &reader, NULL) == PQC_UNAVAILABLE);
    CHECK(reader == NULL);

    CHECK(strchr(pqc_arrow_version(), '.') != NULL);
    pqc_writer_free(NULL);
    pqc_reader_free(NULL);
    pqc_vectors_free(NULL);
    pqc_vector_rows_free(NULL);
    pqc_bucket_free(NULL);
    pqc_object_free(NULL);
    pqc_listing_free(NULL);
    pqc_string_free(NULL);
    return 0;
}
