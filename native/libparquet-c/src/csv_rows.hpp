// The text of a CSV file, divided into rows and values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "libparquet-c.h"

namespace pqc {

/// Bytes that a row may have.
constexpr size_t most_row_bytes = 1 << 20;

/// A value as it lies in the file.
struct CSVValue {
    std::string_view raw;
    /// Whether it begins with a quote that is no part of the text.
    bool quoted;

    /// The text: `raw` itself, or put together in `scratch`.
    std::string_view text(std::string &scratch) const;
};

/// Walks over the rows of a file. What is wrong with one row does not keep the next from being read.
class CSVRows {
public:
    CSVRows(std::shared_ptr<arrow::io::InputStream> file, char delimiter, pqc_quoting quoting);

    /// Goes to the next row that is not an empty line; false at the end of the file.
    arrow::Result<bool> next();

    /// The values of the row, good until the next one; none when it cannot be divided into values.
    const std::vector<CSVValue> &values() const { return row; }

    /// Why the row cannot be divided into values; empty when it can.
    const std::string &fault() const { return reason; }

    /// The line that the row starts in, from 1 on. Lines end with a line feed.
    int64_t line() const { return row_line; }

private:
    enum class Division { row, empty_line, end, too_long, open_quote };

    Division divide();
    const char *end_of_value(const char *value) const;
    const char *end_of_quotes(const char *opening) const;
    bool is_wrapped(std::string_view value) const;
    void go_to(const char *place);
    arrow::Status skip_line();
    arrow::Status fill();

    const std::shared_ptr<arrow::io::InputStream> file;
    const char delimiter;
    const pqc_quoting quoting;
    /// Whether a byte ends a value that is not quoted.
    bool ends_value[256] = {};

    std::vector<char> buffer;
    /// What is in the buffer and not yet passed over: the row starts there.
    const char *start;
    const char *filled;
    /// Where a row has to end that starts at `start`.
    const char *limit;
    bool is_read = false;
    bool has_started = false;

    std::vector<CSVValue> row;
    std::string reason;
    int64_t row_line = 1;
    int64_t next_line = 1;
    /// Where the quoted value starts that has no end.
    const char *open_quote = nullptr;
    /// Whether that value would end inside a value of another row.
    bool joins_rows = false;
};

}  // namespace pqc
