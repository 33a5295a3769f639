// Reading IPC streams of record batches.
#include <limits>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include <arrow/c/bridge.h>
#include <arrow/ipc/options.h>
#include <arrow/memory_pool.h>

#include "descriptor_stream.hpp"
#include "file_stream.hpp"
#include "ipc.hpp"
#include "metadata.hpp"
#include "names.hpp"
#include "plain.hpp"

namespace pqc {
namespace {

/// Rows of one batch, or none.
std::shared_ptr<arrow::RecordBatchReader> plain_rows(const std::string &name, std::shared_ptr<arrow::Schema> schema,
                                                     arrow::RecordBatchVector batches, const char *const *columns,
                                                     size_t column_count) {
    auto plain = find_plain_columns(*schema, name, columns, column_count);
    std::vector<int> positions;
    for (const PlainColumn &column : plain) positions.push_back(column.field);
    auto rows = check(arrow::RecordBatchReader::Make(std::move(batches), std::move(schema)),
                      {name, "read", PQC_INTERNAL});
    return make_plain(std::move(rows), std::move(plain), std::move(positions));
}

/// Memory for what is decompressed: a small message may stand for any size.
struct DecompressionMemory {
    explicit DecompressionMemory(int64_t limit) : capped(&counted, limit) {}

    arrow::ProxyMemoryPool counted{arrow::default_memory_pool()};
    arrow::CappedMemoryPool capped;
};

/// The memory of all streams with the same maximum, four times as much. Kept for good: batches outlive their streams.
arrow::MemoryPool *decompression_memory(int64_t maximum_bytes) {
    static std::mutex mutex;
    static std::map<int64_t, DecompressionMemory> memories;
    const std::lock_guard lock(mutex);
    constexpr int64_t most = std::numeric_limits<int64_t>::max();
    return &memories.try_emplace(maximum_bytes, maximum_bytes > most / 4 ? most : 4 * maximum_bytes).first->second.capped;
}

/// The next batch after checking it; null at the end.
std::shared_ptr<arrow::RecordBatch> next_batch(pqc_ipc_reader &reader) {
    std::shared_ptr<arrow::RecordBatch> rows;
    const arrow::Status status = reader.batches->ReadNext(&rows);
    if (status.IsOutOfMemory() && status.message().find("cap exceeded") != std::string::npos) {
        throw Failure(PQC_FORMAT, reader.name + ": a record batch is far larger than the maximum when it is decompressed");
    }
    check(status, reader.action());
    if (rows) check(rows->ValidateFull(), reader.action());
    return rows;
}

}  // namespace
}  // namespace pqc

pqc_status pqc_ipc_reader_open(const char *name, int descriptor, int64_t maximum_bytes, pqc_ipc_reader **reader,
                               char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(name, "name");
        pqc::require(reader, "reader");
        auto opened = std::make_unique<pqc_ipc_reader>();
        opened->name = name;
        auto input = std::make_shared<pqc::DescriptorInput>(descriptor, maximum_bytes);
        auto options = arrow::ipc::IpcReadOptions::Defaults();
        // A batch is small, and the threads are those of the caller.
        options.use_threads = false;
        options.memory_pool = pqc::decompression_memory(maximum_bytes);
        opened->batches =
            pqc::check(arrow::ipc::RecordBatchStreamReader::Open(std::move(input), options), opened->action());
        pqc::require_c_names(opened->batches->schema()->fields(), opened->action());
        opened->metadata = pqc::metadata_entries(opened->batches->schema()->metadata().get());
        *reader = opened.release();
    });
}

void pqc_ipc_reader_free(pqc_ipc_reader *reader) {
    delete reader;
}

pqc_status pqc_ipc_reader_schema(const pqc_ipc_reader *reader, bool plain, ArrowSchema *schema, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(reader, "reader");
        pqc::require(schema, "schema");
        const auto columns = reader->batches->schema();
        const auto given = plain ? pqc::plain_rows(reader->name, columns, {}, nullptr, 0)->schema() : columns;
        pqc::check(arrow::ExportSchema(*given, schema), reader->action());
    });
}

const char *pqc_ipc_reader_metadata_value(const pqc_ipc_reader *reader, const char *key) {
    return pqc::metadata_value(reader->metadata, key);
}

pqc_status pqc_ipc_reader_next(pqc_ipc_reader *reader, pqc_ipc_batch **batch, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(reader, "reader");
        pqc::require(batch, "batch");
        auto rows = pqc::next_batch(*reader);
        *batch = rows ? new pqc_ipc_batch{reader->name, std::move(rows)} : nullptr;
    });
}

void pqc_ipc_batch_free(pqc_ipc_batch *batch) {
    delete batch;
}

int64_t pqc_ipc_batch_row_count(const pqc_ipc_batch *batch) {
    return batch->rows->num_rows();
}

pqc_status pqc_ipc_batch_plain_stream(const pqc_ipc_batch *batch, const char *const *columns, size_t column_count,
                                      ArrowArrayStream *stream, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(batch, "batch");
        pqc::require(stream, "stream");
        if (column_count > 0) pqc::require(columns, "columns");
        auto rows = pqc::plain_rows(batch->name, batch->rows->schema(), {batch->rows}, columns, column_count);
        auto named = std::make_shared<pqc::FileStream>(batch->name, nullptr, std::move(rows));
        pqc::check(arrow::ExportRecordBatchReader(std::move(named), stream), {batch->name, "read", PQC_FORMAT});
    });
}
