// Streams over file descriptors, such as pipes, that belong to someone else.
#pragma once

#include <cstdint>
#include <memory>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/result.h>

namespace pqc {

/// Reads a descriptor, never further than it is asked to.
///
/// Refuses to read more than a maximum at a time with a capacity error, before it takes memory for that.
class DescriptorInput final : public arrow::io::InputStream {
public:
    DescriptorInput(int descriptor, int64_t maximum) : descriptor(descriptor), maximum(maximum) {}

    arrow::Status Close() override;
    bool closed() const override { return is_closed; }
    arrow::Result<int64_t> Tell() const override { return position; }
    /// Waits for all bytes, or the end.
    arrow::Result<int64_t> Read(int64_t count, void *bytes) override;
    arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t count) override;

private:
    const int descriptor;
    const int64_t maximum;
    int64_t position = 0;
    bool is_closed = false;
};

/// Writes to a descriptor without a buffer.
class DescriptorOutput final : public arrow::io::OutputStream {
public:
    explicit DescriptorOutput(int descriptor) : descriptor(descriptor) {}

    arrow::Status Close() override;
    bool closed() const override { return is_closed; }
    arrow::Result<int64_t> Tell() const override { return position; }
    using arrow::io::OutputStream::Write;
    arrow::Status Write(const void *bytes, int64_t count) override;

private:
    const int descriptor;
    int64_t position = 0;
    bool is_closed = false;
};

}  // namespace pqc
