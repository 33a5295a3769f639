// Writing IPC streams of record batches.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <arrow/c/bridge.h>
#include <arrow/ipc/options.h>
#include <arrow/ipc/writer.h>

#include "borrowed_schema.hpp"
#include "descriptor_stream.hpp"
#include "ipc.hpp"

struct pqc_ipc_writer {
    std::string name;
    /// The writer's own columns.
    std::shared_ptr<arrow::Schema> own;
    /// All columns.
    std::shared_ptr<arrow::Schema> schema;
    /// Positions of the carried columns in the batches that have them.
    std::vector<int> carried;
    std::shared_ptr<arrow::ipc::RecordBatchWriter> stream;
    bool is_open = true;

    pqc::Action action(const char *verb, pqc_status otherwise) const { return {name, verb, otherwise}; }

    void require_open() const {
        if (!is_open) throw pqc::Failure(PQC_INVALID_ARGUMENT, name + ": the stream has ended");
    }

    /// Appends the carried columns to the writer's own.
    std::shared_ptr<arrow::RecordBatch> joined(const arrow::RecordBatch &rows, const pqc_ipc_batch *other) const {
        auto columns = rows.columns();
        if (!carried.empty()) pqc::require(other, "carried");
        if (other && other->rows->num_rows() != rows.num_rows()) {
            throw pqc::Failure(PQC_INVALID_ARGUMENT, name + ": a batch of " + std::to_string(rows.num_rows()) +
                                                         " rows cannot carry columns of " +
                                                         std::to_string(other->rows->num_rows()));
        }
        for (const int position : carried) columns.push_back(other->rows->column(position));
        return arrow::RecordBatch::Make(schema, rows.num_rows(), std::move(columns));
    }

    void write(const arrow::RecordBatch &rows, const pqc_ipc_batch *other) {
        require_open();
        const auto batch = joined(rows, other);
        is_open = false;
        pqc::check(stream->WriteRecordBatch(*batch), action("write", PQC_IO));
        is_open = true;
    }

    void close() {
        require_open();
        is_open = false;
        pqc::check(stream->Close(), action("write", PQC_IO));
    }
};

pqc_status pqc_ipc_writer_open(const char *name, int descriptor, const ArrowSchema *schema,
                               const pqc_ipc_reader *reader, const int32_t *carried, size_t carried_count,
                               pqc_ipc_writer **writer, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(name, "name");
        pqc::require(schema, "schema");
        pqc::require(writer, "writer");
        if (carried_count > 0) {
            pqc::require(carried, "carried");
            pqc::require(reader, "reader");
        }
        auto opened = std::make_unique<pqc_ipc_writer>();
        opened->name = name;
        opened->own = pqc::import_schema(*schema, opened->action("write this schema", PQC_INVALID_ARGUMENT));
        arrow::FieldVector fields = opened->own->fields();
        for (size_t i = 0; i < carried_count; ++i) {
            const auto &input = *reader->batches->schema();
            if (carried[i] < 0 || carried[i] >= input.num_fields()) {
                throw pqc::Failure(PQC_INVALID_ARGUMENT, opened->name + ": there is no column " +
                                                             std::to_string(carried[i]) + " to carry");
            }
            opened->carried.push_back(carried[i]);
            fields.push_back(input.field(carried[i]));
        }
        opened->schema = arrow::schema(std::move(fields), opened->own->metadata());
        auto options = arrow::ipc::IpcWriteOptions::Defaults();
        options.use_threads = false;
        opened->stream = pqc::check(
            arrow::ipc::MakeStreamWriter(std::make_shared<pqc::DescriptorOutput>(descriptor), opened->schema, options),
            opened->action("write", PQC_IO));
        *writer = opened.release();
    });
}

pqc_status pqc_ipc_writer_write(pqc_ipc_writer *writer, ArrowArray *own, const pqc_ipc_batch *carried,
                                char **message) {
    const pqc_status status = pqc::guarded(message, [&] {
        pqc::require(writer, "writer");
        pqc::require(own, "own");
        if (!own->release) throw pqc::Failure(PQC_INVALID_ARGUMENT, writer->name + ": the batch is released already");
        const auto rows = pqc::check(arrow::ImportRecordBatch(own, writer->own),
                                     writer->action("take this batch", PQC_INVALID_ARGUMENT));
        writer->write(*rows, carried);
    });
    if (own && own->release) own->release(own);
    return status;
}

pqc_status pqc_ipc_writer_close(pqc_ipc_writer *writer, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(writer, "writer");
        writer->close();
    });
}

void pqc_ipc_writer_free(pqc_ipc_writer *writer) {
    delete writer;
}
