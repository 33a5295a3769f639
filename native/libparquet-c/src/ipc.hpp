// Definitions of the opaque types of IPC streams.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <arrow/ipc/reader.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "status.hpp"

struct pqc_ipc_reader {
    std::string name;
    std::shared_ptr<arrow::ipc::RecordBatchStreamReader> batches;
    std::vector<std::pair<std::string, std::string>> metadata;

    pqc::Action action() const { return {name, "read as an Arrow IPC stream", PQC_FORMAT}; }
};

struct pqc_ipc_batch {
    std::string name;
    std::shared_ptr<arrow::RecordBatch> rows;
};
