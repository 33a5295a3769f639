/// C interface to Parquet and CSV files and to Arrow's IPC streams, which reads and writes record batches of the Arrow C
/// data interface.
///
/// Every function that can fail returns a `pqc_status` and takes a `message`, which may be NULL. If it is not,
/// `*message` is NULL after PQC_OK; after a failure it is a text that the caller frees with `pqc_string_free`, or NULL
/// if there was no memory for it. Results are written only on PQC_OK. No C++ exception leaves the library.
///
/// Functions may be called from any thread, but a writer or a stream may be used by only one thread at a time.
///
/// The first function that returns a status opens Arrow, so that a program can link this library and start without
/// Arrow. If Arrow is missing, such functions fail with PQC_UNAVAILABLE; all others work. Arrow's own log output is
/// suppressed.
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
    /// The caller violated a documented rule: a schema or batch that cannot be written, or an unknown option.
    PQC_INVALID_ARGUMENT = 1,
    /// The file does not exist, or has no such column.
    PQC_NOT_FOUND = 2,
    /// The file has another format, is damaged, or holds something that cannot be read as Arrow data.
    PQC_FORMAT = 3,
    /// The system failed to open, read, write or sync the file.
    PQC_IO = 4,
    PQC_OUT_OF_MEMORY = 5,
    /// Any other error, which is a bug in this library.
    PQC_INTERNAL = 6,
    /// An object store denied access: no credentials, wrong ones, or no permission for this object.
    PQC_ACCESS_DENIED = 7,
    /// Arrow, or this library's implementation, is not installed or cannot be loaded. A later call tries again.
    PQC_UNAVAILABLE = 8
} pqc_status;

/// Frees a message from this library. NULL is ignored.
PQC_EXPORT void pqc_string_free(char *PQC_NULLABLE string);

/// Version of this library, "major.minor.patch". Static; do not free.
PQC_EXPORT const char *PQC_NONNULL pqc_version(void);

/// Version of Arrow that this library was built for, such as "26.0.1". Static; do not free.
PQC_EXPORT const char *PQC_NONNULL pqc_arrow_version(void);

/// An entry of a file's key-value metadata; both texts are UTF-8.
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

/// Options for writing. All zero is the default.
typedef struct pqc_writer_options {
    pqc_compression compression;
    /// Level for Zstandard, 1 to 22; 0 for its default. Must be 0 for the others.
    int32_t compression_level;
    /// Maximum number of rows per row group; 0 for 16,384. The writer uses a few times the memory of a row group.
    int64_t row_group_rows;
    /// Whether to dictionary-encode texts and bytes in lists, and columns of a dictionary type, without statistics of
    /// their values. Other columns are never dictionary-encoded.
    bool dictionary;
} pqc_writer_options;

typedef struct pqc_writer pqc_writer;

/// Starts a Parquet file in `descriptor`, an empty file that is open for writing, after validating the schema and the
/// options. Pages and the footer get checksums.
///
/// - `name`: the file's name in messages.
/// - `descriptor`: the writer uses a duplicate, so the caller's stays open, and the caller closes it.
/// - `schema`: a struct type whose children are the columns. Only read during the call; the caller keeps ownership. It
///   is also stored in the file, so that readers get fixed-size lists back as such.
/// - `options`: NULL for the defaults.
/// - `metadata`: `metadata_count` entries for the file's key-value metadata, which are copied.
/// - `writer`: the caller frees it with `pqc_writer_free`.
PQC_EXPORT pqc_status pqc_writer_open(const char *PQC_NONNULL name, int descriptor,
                                      const struct ArrowSchema *PQC_NONNULL schema,
                                      const pqc_writer_options *PQC_NULLABLE options,
                                      const pqc_key_value *PQC_NULLABLE metadata, size_t metadata_count,
                                      pqc_writer *PQC_NULLABLE *PQC_NONNULL writer,
                                      char *PQC_NULLABLE *PQC_NULLABLE message);

/// Writes the rows of `batch`, a struct array with the writer's schema. The batch is moved: it is released now or
/// later, even after a failure. After a failure other than PQC_INVALID_ARGUMENT, the writer accepts nothing more.
PQC_EXPORT pqc_status pqc_writer_write(pqc_writer *PQC_NONNULL writer, struct ArrowArray *PQC_NONNULL batch,
                                       char *PQC_NULLABLE *PQC_NULLABLE message);

/// Completes the file: writes buffered rows and the footer, syncs the file to disk and closes the duplicate. Only then
/// is it a Parquet file. The writer must still be freed.
PQC_EXPORT pqc_status pqc_writer_close(pqc_writer *PQC_NONNULL writer, char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the writer. If it was not closed, the file remains unfinished, is not a valid Parquet file, and must be
/// deleted by the caller. NULL is ignored.
PQC_EXPORT void pqc_writer_free(pqc_writer *PQC_NULLABLE writer);

// Reading

typedef struct pqc_reader pqc_reader;

/// Opens the file `path` and reads its footer. The caller frees `*reader` with `pqc_reader_free`. Streams from one
/// reader are independent and may run on several threads.
///
/// Fails at once with PQC_IO for anything other than a regular file, such as a FIFO. Fails with PQC_FORMAT if the
/// footer's number of rows exceeds 2^40 or is not the sum of the row groups', if a column name contains a NUL, or if the
/// footer's checksum, which files of this library have, differs. Whenever a page with a checksum is read, it is verified.
PQC_EXPORT pqc_status pqc_reader_open(const char *PQC_NONNULL path, pqc_reader *PQC_NULLABLE *PQC_NONNULL reader,
                                      char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the reader. Streams opened from it, and their batches, stay valid. NULL is ignored.
PQC_EXPORT void pqc_reader_free(pqc_reader *PQC_NULLABLE reader);

/// Number of rows according to the footer, from 0 to 2^40.
PQC_EXPORT int64_t pqc_reader_row_count(const pqc_reader *PQC_NONNULL reader);

PQC_EXPORT int32_t pqc_reader_row_group_count(const pqc_reader *PQC_NONNULL reader);

/// Opens one row group, given by position, as if the file had no other: damage in others is not noticed. The caller frees
/// `*group` with `pqc_reader_free`, and may free `reader` before. Fails with PQC_INVALID_ARGUMENT if there is no such group.
PQC_EXPORT pqc_status pqc_reader_open_row_group(const pqc_reader *PQC_NONNULL reader, int32_t position,
                                                pqc_reader *PQC_NULLABLE *PQC_NONNULL group,
                                                char *PQC_NULLABLE *PQC_NULLABLE message);

/// The schema of all columns, a struct type. The caller releases it through its release callback.
PQC_EXPORT pqc_status pqc_reader_schema(const pqc_reader *PQC_NONNULL reader, struct ArrowSchema *PQC_NONNULL schema,
                                        char *PQC_NULLABLE *PQC_NULLABLE message);

/// Number of entries in the file's key-value metadata, without Arrow's entry "ARROW:schema" and entries that contain a
/// NUL.
PQC_EXPORT size_t pqc_reader_metadata_count(const pqc_reader *PQC_NONNULL reader);

/// An entry by position, below the count. The reader owns its texts.
PQC_EXPORT pqc_key_value pqc_reader_metadata_entry(const pqc_reader *PQC_NONNULL reader, size_t index);

/// The value of a metadata key; NULL if the file has none. The reader owns it.
PQC_EXPORT const char *PQC_NULLABLE pqc_reader_metadata_value(const pqc_reader *PQC_NONNULL reader,
                                                              const char *PQC_NONNULL key);

/// Opens a stream of the file's rows, in file order, as record batches.
///
/// - `columns`: `column_count` names of top-level columns, each once; batches have them in this order. A count of 0
///   means all columns in file order.
/// - `batch_rows`: the maximum number of rows per batch; 0 for 4,096. Memory is bounded by the batch and its encoded
///   pages, not by the file or its row groups.
/// - `stream`: the caller releases it through its release callback, and likewise every batch. If `get_next` fails,
///   `get_last_error` names the file.
PQC_EXPORT pqc_status pqc_reader_stream(const pqc_reader *PQC_NONNULL reader,
                                        const char *PQC_NONNULL const *PQC_NULLABLE columns, size_t column_count,
                                        int64_t batch_rows, struct ArrowArrayStream *PQC_NONNULL stream,
                                        char *PQC_NULLABLE *PQC_NULLABLE message);

/// Like `pqc_reader_stream`, but converts columns to a few common types, so that a caller need not support all Arrow
/// types:
///
/// - integers and durations to int64, except uint64, which is kept; booleans are kept; floats to float64;
/// - texts, dates, times and decimals to large_utf8; dates and times in ISO 8601 format with a space as separator;
/// - bytes to large_binary; bytes of fixed length to large_utf8, as a UUID if there are 16, otherwise as hexadecimal
///   digits;
/// - an image, which is a struct with a `bytes` member of such a type, to that member alone. If it has a `path` member
///   of texts, this is a further column with `.path` behind the name;
/// - lists of texts, bytes or images to large_list of large_utf8 or large_binary;
/// - other lists, structs and maps without bytes to large_utf8, as JSON;
/// - dictionary-encoded values to their values, and extension types to their storage.
///
/// Columns of other types, and of the null type, are kept. Texts are not validated as UTF-8.
///
/// Each name occurs once: another column of the same name gets `_2`, `_3` and so on, and one without a name is called
/// `column_` and its position, from 1. The schema's field then has the name in the file as its metadata `name_in_file`.
PQC_EXPORT pqc_status pqc_reader_plain_stream(const pqc_reader *PQC_NONNULL reader,
                                              const char *PQC_NONNULL const *PQC_NULLABLE columns, size_t column_count,
                                              int64_t batch_rows, struct ArrowArrayStream *PQC_NONNULL stream,
                                              char *PQC_NULLABLE *PQC_NULLABLE message);

/// Like `pqc_reader_plain_stream`, for batches that the caller has, such as the rows of a database.
///
/// - `name`: what the batches are called in messages.
/// - `source`: is moved; it is released with the stream, or now after a failure.
/// - `stream`: if `get_next` fails, `get_last_error` has the name and the source's reason.
PQC_EXPORT pqc_status pqc_plain_stream(const char *PQC_NONNULL name, struct ArrowArrayStream *PQC_NONNULL source,
                                       const char *PQC_NONNULL const *PQC_NULLABLE columns, size_t column_count,
                                       struct ArrowArrayStream *PQC_NONNULL stream,
                                       char *PQC_NULLABLE *PQC_NULLABLE message);

/// Number of items in a column of a plain stream according to the file's metadata: its rows, and for a column of lists
/// all their items, where an empty or missing list counts as one.
///
/// - `column`: a name as in a plain stream.
PQC_EXPORT pqc_status pqc_reader_item_count(const pqc_reader *PQC_NONNULL reader, const char *PQC_NONNULL column,
                                            int64_t *PQC_NONNULL count, char *PQC_NULLABLE *PQC_NULLABLE message);

// Vectors

typedef struct pqc_vectors pqc_vectors;

/// Opens a column of fixed-size lists of 32-bit or 16-bit floats, to read it in file order into the caller's memory.
/// Values are copied directly from the file, in a fraction of the time that Arrow's list arrays take.
///
/// - `vectors`: NULL if the file does not hold plain values (but compressed pages or a dictionary, for example); then
///   read the column with `pqc_reader_stream`. The caller frees it with `pqc_vectors_free`, and may free the reader
///   before.
/// - `dimension`, `value_bytes`: values per row, and bytes per value, 4 or 2. Not written if `*vectors` is NULL.
PQC_EXPORT pqc_status pqc_vectors_open(const pqc_reader *PQC_NONNULL reader, const char *PQC_NONNULL column,
                                       pqc_vectors *PQC_NULLABLE *PQC_NONNULL vectors, size_t *PQC_NONNULL dimension,
                                       size_t *PQC_NONNULL value_bytes, char *PQC_NULLABLE *PQC_NULLABLE message);

typedef struct pqc_vector_rows pqc_vector_rows;

/// Finds the next `count` rows without reading their values. Fails with PQC_INVALID_ARGUMENT if fewer rows are left,
/// with PQC_FORMAT if a value is missing or a list has another length, and with PQC_IO for system errors. After the
/// latter two, no rows are left.
///
/// - `rows`: the caller frees it with `pqc_vector_rows_free`, and may free the column before. It keeps the file open.
PQC_EXPORT pqc_status pqc_vectors_next(pqc_vectors *PQC_NONNULL vectors, size_t count,
                                       pqc_vector_rows *PQC_NULLABLE *PQC_NONNULL rows,
                                       char *PQC_NULLABLE *PQC_NULLABLE message);

/// Reads rows into `values`. Fails with PQC_FORMAT if the file was truncated since, and with PQC_IO for system errors.
/// Several threads may read at the same time.
///
/// - `capacity`: the size of `values` in bytes. Fails with PQC_INVALID_ARGUMENT if it is too small.
PQC_EXPORT pqc_status pqc_vector_rows_read(const pqc_vector_rows *PQC_NONNULL rows, void *PQC_NONNULL values,
                                           size_t capacity, char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the rows. NULL is ignored.
PQC_EXPORT void pqc_vector_rows_free(pqc_vector_rows *PQC_NULLABLE rows);

/// Frees the column. NULL is ignored.
PQC_EXPORT void pqc_vectors_free(pqc_vectors *PQC_NULLABLE vectors);

// CSV

/// The meaning of a quote, `"`, in a CSV file.
typedef enum pqc_quoting {
    /// At the start of a value, a quote begins a text that ends at the next undoubled quote and may contain delimiters
    /// and newlines (RFC 4180). Elsewhere it is literal.
    PQC_QUOTING_STANDARD = 0,
    /// Quotes around a whole value are removed, and doubled quotes within it stand for one. Elsewhere quotes are
    /// literal. Delimiters and newlines are never quoted.
    PQC_QUOTING_WHOLE_VALUES = 1,
    /// Quotes are always literal.
    PQC_QUOTING_NONE = 2
} pqc_quoting;

/// Opens a stream of the rows of a CSV file with a header, in file order, as batches of large_utf8 columns.
///
/// Only an empty value is null. Empty lines are skipped, and before the header a byte order mark and a line such as
/// `sep=;` with the delimiter. If a name in the header has a space before or after it, spaces around all unquoted values
/// and around quotes are dropped. Columns get distinct names as in `pqc_reader_plain_stream`. Fails with PQC_FORMAT if
/// the header is not UTF-8, contains a NUL, or cannot be split into values.
///
/// A malformed row does not end the stream. Its values are null in all columns except an additional last one with an
/// empty name, which holds the reason, such as "has 2 values, and the header has 3", and is null for all other rows. A
/// row is malformed if it has fewer values than the header, or more of which one is not empty, if it exceeds 1 MiB, or
/// if it has a quoted value that does not end, or that ends in another line before other text. In the last case, the
/// rest of its line belongs to the row, and the next line is a new row. Values need not be UTF-8.
///
/// - `delimiter`: separates the values of a row; neither a quote nor a line terminator.
/// - `columns`: `column_count` names of columns, each once, in the order of the batches. A count of 0 means all.
/// - `stream`: the caller releases it through its release callback, and likewise every batch. If `get_next` fails,
///   `get_last_error` names the file. Uses memory for 4 MiB of the file, and for batches of about 1 MiB.
PQC_EXPORT pqc_status pqc_csv_stream(const char *PQC_NONNULL path, char delimiter, pqc_quoting quoting,
                                     const char *PQC_NONNULL const *PQC_NULLABLE columns, size_t column_count,
                                     struct ArrowArrayStream *PQC_NONNULL stream,
                                     char *PQC_NULLABLE *PQC_NULLABLE message);

// Streams of record batches between processes, in Arrow's IPC format.

typedef struct pqc_ipc_reader pqc_ipc_reader;

/// Opens an IPC stream and reads its schema, for which the call waits. The caller frees `*reader` with
/// `pqc_ipc_reader_free`. Fails with PQC_FORMAT if the stream does not begin like one, or if a column name contains a
/// NUL.
///
/// - `name`: the stream's name in messages.
/// - `descriptor`: is read, and never beyond the message that was asked for. The caller keeps it open, and closes it.
/// - `maximum_bytes`: the maximum size of a message; decompressed batches in use, and dictionaries, take at most four
///   times as much. So a sender cannot exhaust the memory.
PQC_EXPORT pqc_status pqc_ipc_reader_open(const char *PQC_NONNULL name, int descriptor, int64_t maximum_bytes,
                                          pqc_ipc_reader *PQC_NULLABLE *PQC_NONNULL reader,
                                          char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the reader. Its batches stay valid. NULL is ignored.
PQC_EXPORT void pqc_ipc_reader_free(pqc_ipc_reader *PQC_NULLABLE reader);

/// The schema of all columns, a struct type. The caller releases it through its release callback.
///
/// - `plain`: whether to describe the columns as plain streams have them (`pqc_reader_plain_stream`).
PQC_EXPORT pqc_status pqc_ipc_reader_schema(const pqc_ipc_reader *PQC_NONNULL reader, bool plain,
                                            struct ArrowSchema *PQC_NONNULL schema,
                                            char *PQC_NULLABLE *PQC_NULLABLE message);

/// The value of a key in the schema's metadata; NULL if there is none. The reader owns it.
PQC_EXPORT const char *PQC_NULLABLE pqc_ipc_reader_metadata_value(const pqc_ipc_reader *PQC_NONNULL reader,
                                                                  const char *PQC_NONNULL key);

typedef struct pqc_ipc_batch pqc_ipc_batch;

/// Waits for the next batch and checks it, so that its values can be read whoever sent it. Fails with PQC_FORMAT if the
/// batch is invalid or larger than the maximum, or if the stream ends within a message; then nothing more can be read.
///
/// - `batch`: NULL at the end of the stream: its end mark, or the end of the file after a whole message. The caller
///   frees it with `pqc_ipc_batch_free`.
PQC_EXPORT pqc_status pqc_ipc_reader_next(pqc_ipc_reader *PQC_NONNULL reader,
                                          pqc_ipc_batch *PQC_NULLABLE *PQC_NONNULL batch,
                                          char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the batch. Streams of it stay valid. NULL is ignored.
PQC_EXPORT void pqc_ipc_batch_free(pqc_ipc_batch *PQC_NULLABLE batch);

PQC_EXPORT int64_t pqc_ipc_batch_row_count(const pqc_ipc_batch *PQC_NONNULL batch);

/// Opens a stream of this one batch with some of its columns, converted as in `pqc_reader_plain_stream`.
PQC_EXPORT pqc_status pqc_ipc_batch_plain_stream(const pqc_ipc_batch *PQC_NONNULL batch,
                                                 const char *PQC_NONNULL const *PQC_NULLABLE columns,
                                                 size_t column_count, struct ArrowArrayStream *PQC_NONNULL stream,
                                                 char *PQC_NULLABLE *PQC_NULLABLE message);

/// Copies a column of vectors: lists of 16-, 32- or 64-bit floats, of which the latter are rounded. Fails with
/// PQC_FORMAT if the column has another type, or if a list has another length than `dimension` or misses a value.
///
/// - `position`: the column's position in the schema.
/// - `values`: receives `dimension` values per row. Those of missing rows are not written.
/// - `is_present`: receives whether each row has a vector.
PQC_EXPORT pqc_status pqc_ipc_batch_vectors(const pqc_ipc_batch *PQC_NONNULL batch, int32_t position, size_t dimension,
                                            float *PQC_NONNULL values, bool *PQC_NONNULL is_present,
                                            char *PQC_NULLABLE *PQC_NULLABLE message);

typedef struct pqc_ipc_writer pqc_ipc_writer;

/// Starts an IPC stream and sends its schema. The caller frees `*writer` with `pqc_ipc_writer_free`.
///
/// - `name`: the stream's name in messages.
/// - `descriptor`: receives the stream. The caller keeps it open, and closes it.
/// - `schema`: the writer's own columns, a struct type, and the metadata of the stream. Only read during the call.
/// - `carried`, `carried_count`: the positions of columns of `reader` that follow them unchanged; `reader` may be NULL if
///   there are none.
PQC_EXPORT pqc_status pqc_ipc_writer_open(const char *PQC_NONNULL name, int descriptor,
                                          const struct ArrowSchema *PQC_NONNULL schema,
                                          const pqc_ipc_reader *PQC_NULLABLE reader,
                                          const int32_t *PQC_NULLABLE carried, size_t carried_count,
                                          pqc_ipc_writer *PQC_NULLABLE *PQC_NONNULL writer,
                                          char *PQC_NULLABLE *PQC_NULLABLE message);

/// Sends one record batch. Fails with PQC_IO if the receiver has closed the stream (EPIPE) or the system cannot write;
/// then the writer accepts nothing more.
///
/// - `own`: the rows of the writer's own columns, which are moved: released now or later, even after a failure.
/// - `carried`: has the rows of the carried columns, as many; NULL if there are none.
PQC_EXPORT pqc_status pqc_ipc_writer_write(pqc_ipc_writer *PQC_NONNULL writer, struct ArrowArray *PQC_NONNULL own,
                                           const pqc_ipc_batch *PQC_NULLABLE carried,
                                           char *PQC_NULLABLE *PQC_NULLABLE message);

/// Sends the end mark. The writer must still be freed.
PQC_EXPORT pqc_status pqc_ipc_writer_close(pqc_ipc_writer *PQC_NONNULL writer,
                                           char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the writer. If it was not closed, the stream has no end mark. NULL is ignored.
PQC_EXPORT void pqc_ipc_writer_free(pqc_ipc_writer *PQC_NULLABLE writer);

// Object stores: buckets of Amazon S3 and compatible services.
//
// The client starts with the first bucket and ends when the process exits. exit() waits for pending requests, at most
// until their timeouts, and does not retry them; _exit() does not wait. A process that does not handle SIGPIPE ignores
// it from then on. Credentials come only from the usual chain of the AWS tools: environment variables, the files in
// ~/.aws, and the machine's role. Every call may block until its timeouts. Messages name the object and never a
// credential.

/// How to access a bucket. All zero is the default.
typedef struct pqc_s3_options {
    /// "http://host:port" or "https://host:port". NULL for the value of AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, or
    /// else Amazon.
    const char *PQC_NULLABLE endpoint;
    /// NULL to ask Amazon for the bucket's region; at another endpoint, the environment's region is used.
    const char *PQC_NULLABLE region;
    /// Whether to send unsigned requests, for public buckets.
    bool anonymous;
    /// Maximum number of seconds to connect; 0 for 10.
    double connect_timeout;
    /// Number of seconds without received data after which a connection is dropped; 0 for 30.
    double request_timeout;
    /// Maximum number of attempts per request; 0 for 4.
    int32_t attempts;
} pqc_s3_options;

typedef struct pqc_bucket pqc_bucket;

/// Prepares for requests to a bucket. The caller frees `*bucket` with `pqc_bucket_free`. Several threads may use a
/// bucket at a time; objects and listings opened from it stay valid after it is freed. Fails with PQC_INVALID_ARGUMENT
/// if the name is empty or contains a slash.
PQC_EXPORT pqc_status pqc_bucket_open(const char *PQC_NONNULL name, const pqc_s3_options *PQC_NULLABLE options,
                                      pqc_bucket *PQC_NULLABLE *PQC_NONNULL bucket,
                                      char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the bucket. NULL is ignored.
PQC_EXPORT void pqc_bucket_free(pqc_bucket *PQC_NULLABLE bucket);

typedef struct pqc_object pqc_object;

/// Opens an object and returns its size in bytes without reading it. The caller frees `*object` with `pqc_object_free`.
///
/// - `known_size`: the size from a listing, which saves a request, or -1. An object that has grown since is truncated
///   to that size, so pass -1 if objects may change.
PQC_EXPORT pqc_status pqc_object_open(const pqc_bucket *PQC_NONNULL bucket, const char *PQC_NONNULL key,
                                      int64_t known_size, pqc_object *PQC_NULLABLE *PQC_NONNULL object,
                                      int64_t *PQC_NONNULL size, char *PQC_NULLABLE *PQC_NULLABLE message);

/// Reads `count` bytes of the object from `offset` on into `buffer`. Fails with PQC_INVALID_ARGUMENT if they are not all
/// within the object, and with PQC_IO if the server sends too few bytes, or if they are a part of the object and its size
/// or ETag is no longer that of `pqc_object_open`. The latter takes a request, and is not checked with a `known_size`.
PQC_EXPORT pqc_status pqc_object_read(pqc_object *PQC_NONNULL object, int64_t offset, void *PQC_NONNULL buffer,
                                      size_t count, char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the object. NULL is ignored.
PQC_EXPORT void pqc_object_free(pqc_object *PQC_NULLABLE object);

/// An object in a listing.
typedef struct pqc_object_info {
    const char *PQC_NONNULL key;
    int64_t size;
    /// Modification time in nanoseconds since 1970.
    int64_t modified_ns;
} pqc_object_info;

typedef struct pqc_listing pqc_listing;

/// Lists the objects of a bucket below a folder, including its subfolders, in the byte order of their keys. The caller
/// frees `*listing` with `pqc_listing_free`.
///
/// - `folder`: the prefix of the keys, with or without a trailing slash; "" for the whole bucket.
PQC_EXPORT pqc_status pqc_listing_open(const pqc_bucket *PQC_NONNULL bucket, const char *PQC_NONNULL folder,
                                       pqc_listing *PQC_NULLABLE *PQC_NONNULL listing,
                                       char *PQC_NULLABLE *PQC_NULLABLE message);

/// Returns the next `*count` objects, 0 at the end. The listing owns them until its next use. Fails with PQC_NOT_FOUND
/// if there is nothing below the folder, or if the bucket does not exist.
PQC_EXPORT pqc_status pqc_listing_next(pqc_listing *PQC_NONNULL listing,
                                       const pqc_object_info *PQC_NULLABLE *PQC_NONNULL objects,
                                       size_t *PQC_NONNULL count, char *PQC_NULLABLE *PQC_NULLABLE message);

/// Frees the listing. NULL is ignored.
PQC_EXPORT void pqc_listing_free(pqc_listing *PQC_NULLABLE listing);

#ifdef __cplusplus
}
#endif

#endif
