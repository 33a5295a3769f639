/// C interface to Parquet and CSV files: record batches of the Arrow C data interface to write and read.
///
/// Every function that can fail returns a `pqc_status`. Each takes a `message` that may be NULL; where it is not,
/// `*message` is NULL after PQC_OK, and after a failure a text that the caller frees with `pqc_string_free`
/// (NULL when there was no memory for it). Results are written only on PQC_OK. No C++ exception leaves the library.
///
/// Functions may be called from any thread, but one writer or one stream by one thread at a time.
///
/// Arrow itself is opened by the first function that returns a status, so that a program which links this library starts
/// without it. Where it is missing, such a function fails with PQC_UNAVAILABLE; all others work. What Arrow would print by
/// itself is left out.
#ifndef LIBPARQUET_C_H
#define LIBPARQUET_C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"

#if defined(__clang__)
#define PQC_NONNULL _Nonnull
#define PQC_NULLABLE _Nullable
#else
#define PQC_NONNULL
#define PQC_NULLABLE
#endif

#if defined(__GNUC__)
#define PQC_EXPORT __attribute__((visibility("default")))
#else
#define PQC_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum pqc_status {
    PQC_OK = 0,
    /// The caller broke a rule stated here: a schema or a batch that cannot be written, an unknown option.
    PQC_INVALID_ARGUMENT = 1,
    /// There is no such file, or no such column in it.
    PQC_NOT_FOUND = 2,
    /// The file is not of its format, is damaged, or holds something that cannot be read as Arrow data.
    PQC_FORMAT = 3,
    /// The system refused to open, read, write or sync the file.
    PQC_IO = 4,
    PQC_OUT_OF_MEMORY = 5,
    /// Anything else: a defect of this library.
    PQC_INTERNAL = 6,
    /// An object store does not let the caller in: no credentials, wrong ones, or no right to this object.
    PQC_ACCESS_DENIED = 7,
    /// Arrow, or the part of this library that goes with it, is not installed or cannot be loaded. A later call tries again.
    PQC_UNAVAILABLE = 8
} pqc_status;

/// Frees a message from this library. NULL is ignored.
PQC_EXPORT void pqc_string_free(char *PQC_NULLABLE string);

/// Version of this library, "major.minor.patch". Static: not to be freed.
PQC_EXPORT const char *PQC_NONNULL pqc_version(void);

/// Version of the Arrow that this library was built for, such as "26.0.1". Static: not to be freed.
PQC_EXPORT const char *PQC_NONNULL pqc_arrow_version(void);

/// One entry of a file's key-value metadata, both texts UTF-8.
typedef struct pqc_key_value {
    const char *PQC_NONNULL key;
    const char *PQC_NONNULL value;
} pqc_key_value;

// Writing

typedef enum pqc_compression {
    PQC_COMPRESSION_NONE = 0,
    PQC_COMPRESSION_SNAPPY = 1,
    PQC_COMPRESSION_ZSTD = 2
} pqc_compression;

/// How to write. All zero is the default.
typedef struct pqc_writer_options {
    pqc_compression compression;
    /// Level for Zstandard, 1 to 22; 0 is its default. 0 for the others.
    int32_t compression_level;
    /// Rows in one row group at most; 0 is 16,384. The writer's memory is a few times the size of one row group.
    int64_t row_group_rows;
    /// Whether texts and bytes in lists, and columns whose values are of a dictionary type, are dictionary-encoded, without
    /// bounds of their values. Others never are.
    bool dictionary;
} pqc_writer_options;

typedef struct pqc_writer pqc_writer;

/// Starts a Parquet file in `descriptor`, an empty file that is open for writing, once the schema and the options are known
/// to be good.
///
/// - `name`: what messages call the file.
/// - `descriptor`: the writer works on a duplicate, so that the caller's stays open, and is the caller's to close.
/// - `schema`: a struct type whose children are the columns. Only read during the call, and stays the caller's. It is
///   also stored as it is, so that readers get fixed-size lists back as such.
/// - `options`: NULL for the defaults.
/// - `metadata`: `metadata_count` entries for the file's key-value metadata, copied.
/// - `writer`: the caller frees it with `pqc_writer_free`.
PQC_EXPORT pqc_status pqc_writer_open(const char *PQC_NONNULL name, int descriptor,
                                      const struct ArrowSchema *PQC_NONNULL schema,
                                      const pqc_writer_options *PQC_NULLABLE options,
                                      const pqc_key_value *PQC_NULLABLE metadata, size_t metadata_count,
                                      pqc_writer *PQC_NULLABLE *PQC_NONNULL writer,
                                      char *PQC_NULLABLE *PQC_NULLABLE message);

/// Writes the rows of `batch`, a struct array of the writer's schema. The batch is moved: it is released here or
/// later, after a failure too. After a failure other than PQC_INVALID_ARGUMENT the writer takes nothing more.
PQC_EXPORT pqc_status pqc_writer_write(pqc_writer *PQC_NONNULL writer, struct ArrowArray *PQC_NONNULL batch,
                                       char *PQC_NULLABLE *PQC_NULLABLE message);

/// Finishes the file: writes what is still in memory and the footer, syncs the file to the disk and closes the duplicate.
/// Only then is it a Parquet file. The writer is to be freed all the same.
PQC_EXPORT pqc_status pqc_writer_close(pqc_writer *PQC_NONNULL writer, char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the writer. Of a writer that was not closed the file stays behind unfinished, and no reader takes it for a
/// Parquet file; deleting it is the caller's. NULL is ignored.
PQC_EXPORT void pqc_writer_free(pqc_writer *PQC_NULLABLE writer);

// Reading

typedef struct pqc_reader pqc_reader;

/// Opens the file `path` and reads its footer. The caller frees `*reader` with `pqc_reader_free`.
/// Streams on one reader are independent of each other, and may run on several threads.
///
/// What is no regular file, such as a FIFO, is a PQC_IO at once. A PQC_FORMAT is also a footer whose number of rows is not
/// the sum of those of the row groups, or above 2^40, and a column whose name holds a NUL.
PQC_EXPORT pqc_status pqc_reader_open(const char *PQC_NONNULL path, pqc_reader *PQC_NULLABLE *PQC_NONNULL reader,
                                      char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the reader. Streams opened from it, and what they gave, stay good. NULL is ignored.
PQC_EXPORT void pqc_reader_free(pqc_reader *PQC_NULLABLE reader);

/// Number of rows that the footer speaks of, from 0 to 2^40.
PQC_EXPORT int64_t pqc_reader_row_count(const pqc_reader *PQC_NONNULL reader);

PQC_EXPORT int32_t pqc_reader_row_group_count(const pqc_reader *PQC_NONNULL reader);

/// The schema of all columns, a struct type. The caller releases it through its release callback.
PQC_EXPORT pqc_status pqc_reader_schema(const pqc_reader *PQC_NONNULL reader, struct ArrowSchema *PQC_NONNULL schema,
                                        char *PQC_NULLABLE *PQC_NULLABLE message);

/// Number of entries of the file's key-value metadata, without Arrow's own entry "ARROW:schema" and without those that hold
/// a NUL, which are no texts.
PQC_EXPORT size_t pqc_reader_metadata_count(const pqc_reader *PQC_NONNULL reader);

/// An entry by position, below the count. Its texts belong to the reader.
PQC_EXPORT pqc_key_value pqc_reader_metadata_entry(const pqc_reader *PQC_NONNULL reader, size_t index);

/// The value of a metadata key, NULL where the file has none. It belongs to the reader.
PQC_EXPORT const char *PQC_NULLABLE pqc_reader_metadata_value(const pqc_reader *PQC_NONNULL reader,
                                                              const char *PQC_NONNULL key);

/// Opens a stream of the file's rows, in the file's order, as record batches.
///
/// - `columns`: `column_count` names of top-level columns, each once; the batches hold them in this order.
///   A count of 0 means all columns in the file's order.
/// - `batch_rows`: rows in one batch at most; 0 is 4,096. Memory is bounded by the batch and by the encoded pages it
///   comes from, not by the file or its row groups.
/// - `stream`: the caller releases it through its release callback, and every batch likewise. When `get_next` fails,
///   `get_last_error` names the file.
PQC_EXPORT pqc_status pqc_reader_stream(const pqc_reader *PQC_NONNULL reader,
                                        const char *PQC_NONNULL const *PQC_NULLABLE columns, size_t column_count,
                                        int64_t batch_rows, struct ArrowArrayStream *PQC_NONNULL stream,
                                        char *PQC_NULLABLE *PQC_NULLABLE message);

/// Like `pqc_reader_stream`, with the columns converted to few types, so that a caller need not know all of Arrow's:
///
/// - integers to int64 but for those of uint64, which stay, as booleans do; floats to float64;
/// - texts, dates, times and decimals to large_utf8, dates and times in the form of ISO 8601 with a space in between;
/// - bytes to large_binary, and so a struct with a member `bytes` of such a type, of which the rest is left out;
/// - dictionary-encoded values as what they stand for; a column without a type to large_utf8.
///
/// Columns of other types stay as they are. Texts are as they are in the file, UTF-8 or not.
PQC_EXPORT pqc_status pqc_reader_plain_stream(const pqc_reader *PQC_NONNULL reader,
                                              const char *PQC_NONNULL const *PQC_NULLABLE columns, size_t column_count,
                                              int64_t batch_rows, struct ArrowArrayStream *PQC_NONNULL stream,
                                              char *PQC_NULLABLE *PQC_NULLABLE message);

// Vectors

typedef struct pqc_vectors pqc_vectors;

/// Opens a column of fixed-size lists of 32-bit or 16-bit floats, to be read into the caller's memory in the file's order.
/// The values are copied out of the file as they lie there, which takes a fraction of the time that Arrow's arrays of lists
/// do.
///
/// - `vectors`: NULL where the file holds something else than the plain values (such as compressed pages, or a dictionary):
///   `pqc_reader_stream` reads the column. The caller frees it with `pqc_vectors_free`, and may free the reader before.
/// - `dimension`, `value_bytes`: values in a row, and bytes of a value, 4 or 2. Not written where `*vectors` is NULL.
PQC_EXPORT pqc_status pqc_vectors_open(const pqc_reader *PQC_NONNULL reader, const char *PQC_NONNULL column,
                                       pqc_vectors *PQC_NULLABLE *PQC_NONNULL vectors, size_t *PQC_NONNULL dimension,
                                       size_t *PQC_NONNULL value_bytes, char *PQC_NULLABLE *PQC_NULLABLE message);

typedef struct pqc_vector_rows pqc_vector_rows;

/// Finds the next `count` rows, and leaves their values in the file. More rows than are left are a PQC_INVALID_ARGUMENT; a
/// missing value or a list of another length is a PQC_FORMAT; the system's errors are a PQC_IO. After either of these no
/// rows are left.
///
/// - `rows`: the caller frees it with `pqc_vector_rows_free`, and may free the column before. It keeps the file open.
PQC_EXPORT pqc_status pqc_vectors_next(pqc_vectors *PQC_NONNULL vectors, size_t count,
                                       pqc_vector_rows *PQC_NULLABLE *PQC_NONNULL rows,
                                       char *PQC_NULLABLE *PQC_NULLABLE message);

/// Reads rows into `values`. A file that was cut off meanwhile is a PQC_FORMAT, the system's errors are a PQC_IO. Several
/// threads may read at the same time.
///
/// - `capacity`: the bytes that `values` has room for. Fewer than the rows take are a PQC_INVALID_ARGUMENT.
PQC_EXPORT pqc_status pqc_vector_rows_read(const pqc_vector_rows *PQC_NONNULL rows, void *PQC_NONNULL values,
                                           size_t capacity, char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the rows. NULL is ignored.
PQC_EXPORT void pqc_vector_rows_free(pqc_vector_rows *PQC_NULLABLE rows);

/// Frees the column. NULL is ignored.
PQC_EXPORT void pqc_vectors_free(pqc_vectors *PQC_NULLABLE vectors);

// CSV

/// What a quote, `"`, means in a CSV file.
typedef enum pqc_quoting {
    /// At the start of a value it begins what goes up to the next quote that is not doubled, delimiters and newlines among
    /// it (RFC 4180). Elsewhere it is text.
    PQC_QUOTING_STANDARD = 0,
    /// It has a meaning only around a whole value, in which quotes are doubled, delimiters divide, and lines end.
    /// Everywhere else it is text.
    PQC_QUOTING_WHOLE_VALUES = 1,
    /// It is text.
    PQC_QUOTING_NONE = 2
} pqc_quoting;

/// Opens a stream of the rows of a CSV file with a header, in the file's order, as batches of large_utf8 columns.
///
/// An empty value is null, and nothing else is. Empty lines and a byte order mark are skipped. A header that is not UTF-8,
/// holds a NUL, or cannot be divided into values is a PQC_FORMAT.
///
/// One row that cannot be used does not end the stream. It has nulls in all columns but for one more, the last, whose name is
/// empty: there it has the reason, such as "has 2 values, and the header has 3", which is null for all other rows. Such are
/// rows with another number of values than the header, of more than 1 MiB, or with a quoted value that has no end, or that
/// ends in another line before other text; of the latter the line goes on being a row, and the next line is one of its own.
/// Values need not be UTF-8.
///
/// - `delimiter`: what is between the values of a row, neither a quote nor the end of a line.
/// - `columns`: `column_count` names of columns, each once, in the order that the batches hold them. 0 means all.
/// - `stream`: the caller releases it through its release callback, and every batch likewise. When `get_next` fails,
///   `get_last_error` names the file. 4 MiB of the file are in memory, and batches of some 1 MiB.
PQC_EXPORT pqc_status pqc_csv_stream(const char *PQC_NONNULL path, char delimiter, pqc_quoting quoting,
                                     const char *PQC_NONNULL const *PQC_NULLABLE columns, size_t column_count,
                                     struct ArrowArrayStream *PQC_NONNULL stream,
                                     char *PQC_NULLABLE *PQC_NULLABLE message);

// Object stores: buckets of Amazon S3 and of what speaks its protocol.
//
// The client starts with the first bucket, and ends when the process exits: exit() waits for requests that are under
// way, until their timeouts at most, and does not try them again; _exit() does not wait. A process that does nothing
// about SIGPIPE ignores it from then on. Credentials come from the usual chain of the AWS tools, and from nowhere else:
// environment variables, the files in ~/.aws, the role of the machine. Every call may block until its timeouts have
// passed. Messages name the object and never a credential.

/// How to reach a bucket. All zero is the default.
typedef struct pqc_s3_options {
    /// "http://host:port" or "https://host:port". NULL: what AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL say, or else
    /// Amazon.
    const char *PQC_NULLABLE endpoint;
    /// NULL: Amazon is asked for the bucket's region; at another endpoint the environment's is used.
    const char *PQC_NULLABLE region;
    /// Whether requests go out unsigned, for public buckets.
    bool anonymous;
    /// Seconds until a connection must stand; 0 is 10.
    double connect_timeout;
    /// Seconds after which a connection on which nothing arrives is given up; 0 is 30.
    double request_timeout;
    /// How often a request is tried in all; 0 is 4.
    int32_t attempts;
} pqc_s3_options;

typedef struct pqc_bucket pqc_bucket;

/// Prepares for requests to a bucket. The caller frees `*bucket` with `pqc_bucket_free`; a bucket may be used from
/// several threads at a time, and stays good for what was opened from it after it is freed. A name that is
/// empty or has a slash is a PQC_INVALID_ARGUMENT.
PQC_EXPORT pqc_status pqc_bucket_open(const char *PQC_NONNULL name, const pqc_s3_options *PQC_NULLABLE options,
                                      pqc_bucket *PQC_NULLABLE *PQC_NONNULL bucket,
                                      char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the bucket. NULL is ignored.
PQC_EXPORT void pqc_bucket_free(pqc_bucket *PQC_NULLABLE bucket);

typedef struct pqc_object pqc_object;

/// Opens an object and says how many bytes it has, without reading them. The caller frees `*object` with
/// `pqc_object_free`.
///
/// - `known_size`: the size from a listing, which saves a request, or -1. An object that has grown since is cut off at
///   that size: give -1 where objects may change.
PQC_EXPORT pqc_status pqc_object_open(const pqc_bucket *PQC_NONNULL bucket, const char *PQC_NONNULL key,
                                      int64_t known_size, pqc_object *PQC_NULLABLE *PQC_NONNULL object,
                                      int64_t *PQC_NONNULL size, char *PQC_NULLABLE *PQC_NULLABLE message);

/// Reads the whole object into `buffer`, which has room for `capacity` bytes. Fewer than its size are a
/// PQC_INVALID_ARGUMENT; fewer bytes from the server than that are a PQC_IO.
PQC_EXPORT pqc_status pqc_object_read(pqc_object *PQC_NONNULL object, void *PQC_NONNULL buffer, size_t capacity,
                                      char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the object. NULL is ignored.
PQC_EXPORT void pqc_object_free(pqc_object *PQC_NULLABLE object);

/// What a listing says of an object.
typedef struct pqc_object_info {
    const char *PQC_NONNULL key;
    int64_t size;
    /// Time of the last modification, in nanoseconds since 1970.
    int64_t modified_ns;
} pqc_object_info;

typedef struct pqc_listing pqc_listing;

/// Lists the objects of a bucket below a folder, those in its sub-folders too, in the byte order of their keys.
/// The caller frees `*listing` with `pqc_listing_free`.
///
/// - `folder`: the part of the keys before them, with or without a final slash; "" is the whole bucket.
PQC_EXPORT pqc_status pqc_listing_open(const pqc_bucket *PQC_NONNULL bucket, const char *PQC_NONNULL folder,
                                       pqc_listing *PQC_NULLABLE *PQC_NONNULL listing,
                                       char *PQC_NULLABLE *PQC_NULLABLE message);

/// Gives the next `*count` objects, 0 at the end. They belong to the listing, until it is used again. A folder below
/// which there is nothing is a PQC_NOT_FOUND, and so is a missing bucket.
PQC_EXPORT pqc_status pqc_listing_next(pqc_listing *PQC_NONNULL listing,
                                       const pqc_object_info *PQC_NULLABLE *PQC_NONNULL objects,
                                       size_t *PQC_NONNULL count, char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the listing. NULL is ignored.
PQC_EXPORT void pqc_listing_free(pqc_listing *PQC_NULLABLE listing);

#ifdef __cplusplus
}
#endif

#endif
