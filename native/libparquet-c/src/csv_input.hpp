// The bytes of a CSV file on their way to the parser.
#pragma once

#include <memory>
#include <utility>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/result.h>
#include <arrow/status.h>

namespace pqc {

/// Passes on a file's bytes and fails at its end when a quoted value is still open there: Arrow's parser takes all rows
/// after the quote for one value, and would leave them out without a word.
class CSVInput final : public arrow::io::InputStream {
public:
    CSVInput(std::shared_ptr<arrow::io::InputStream> file, char delimiter)
        : file(std::move(file)), delimiter(delimiter) {}

    arrow::Status Close() override { return file->Close(); }
    bool closed() const override { return file->closed(); }
    arrow::Result<int64_t> Tell() const override { return file->Tell(); }

    arrow::Result<int64_t> Read(int64_t count, void *out) override {
        ARROW_ASSIGN_OR_RAISE(const int64_t read, file->Read(count, out));
        ARROW_RETURN_NOT_OK(pass(static_cast<const char *>(out), read));
        return read;
    }

    arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t count) override {
        ARROW_ASSIGN_OR_RAISE(auto bytes, file->Read(count));
        ARROW_RETURN_NOT_OK(pass(reinterpret_cast<const char *>(bytes->data()), bytes->size()));
        return bytes;
    }

private:
    enum class State { value_start, value, quoted, quote_in_quoted };

    arrow::Status pass(const char *bytes, int64_t count) {
        for (int64_t i = 0; i < count; ++i) {
            const char byte = bytes[i];
            line += byte == '\n';
            if (state == State::quoted) {
                if (byte == '"') state = State::quote_in_quoted;
            } else if (byte == delimiter || byte == '\n' || byte == '\r') {
                state = State::value_start;
            } else if (byte == '"' && state != State::value) {
                if (state == State::value_start) quote_line = line;
                state = State::quoted;
            } else if (!is_byte_order_mark(byte)) {
                state = State::value;
            }
            ++position;
        }
        if (count == 0 && state == State::quoted) {
            return arrow::Status::Invalid("the quoted value that starts in line ", quote_line, " does not end");
        }
        return arrow::Status::OK();
    }

    bool is_byte_order_mark(char byte) const { return position < 3 && byte == "\xEF\xBB\xBF"[position]; }

    std::shared_ptr<arrow::io::InputStream> file;
    const char delimiter;
    State state = State::value_start;
    int64_t position = 0;
    int64_t line = 1;
    int64_t quote_line = 0;
};

}  // namespace pqc
