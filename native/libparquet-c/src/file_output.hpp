// The file that a Parquet writer writes.
#pragma once

#include <cstdint>
#include <string>

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "descriptor_stream.hpp"

namespace pqc {

/// Writes an empty file from its start, and goes on after interrupted and partial writes, which Arrow's own stream does
/// not. After `Close` nothing can be written.
class FileOutput final : public arrow::io::OutputStream {
public:
    /// Takes over the descriptor.
    explicit FileOutput(int descriptor) : descriptor(descriptor), output(descriptor) {}
    ~FileOutput() override { (void)Close(); }

    /// Keeps what is written from now on in memory, and gives it with `take_held`.
    void hold() { holds = true; }
    /// What was held; further writes go to the file again.
    std::string take_held();

    /// Asks the system to start writing cached data to disk, so that `sync` has less to wait for.
    void start_writing() const;
    /// Waits until everything is on disk, except for pipes and character devices, which cannot be synced.
    arrow::Status sync() const;

    arrow::Status Close() override;
    bool closed() const override { return is_closed; }
    arrow::Result<int64_t> Tell() const override;
    using arrow::io::OutputStream::Write;
    arrow::Status Write(const void *bytes, int64_t count) override;

private:
    const int descriptor;
    DescriptorOutput output;
    std::string held;
    bool holds = false;
    bool is_closed = false;
};

}  // namespace pqc
