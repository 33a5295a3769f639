// The text of a CSV file, split into rows and values.
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

/// The maximum size of a row in bytes.
constexpr size_t most_row_bytes = 1 << 20;

/// A value as stored in the file.
struct CSVValue {
    std::string_view raw;
    /// Whether it begins with a quote that is not part of the text.
    bool quoted;

    /// The text: `raw` itself, or assembled in `scratch`.
    std::string_view text(std::string &scratch) const;
};

/// Iterates over the rows of a file. An error in one row does not affect the next.
class CSVRows {
public:
    /// `trims`: whether spaces around values are dropped.
    CSVRows(std::shared_ptr<arrow::io::InputStream> file, char delimiter, pqc_quoting quoting, bool trims);

    /// Moves to the next non-empty row; false at the end of the file.
    arrow::Result<bool> next();

    /// The values of the row, valid until the next one; empty if it cannot be split.
    const std::vector<CSVValue> &values() const { return row; }

    /// The reason why the row cannot be split into values; empty if there is none.
    const std::string &fault() const { return reason; }

    /// The line in which the row starts, from 1. Lines end with a line feed.
    int64_t line() const { return row_line; }

private:
    enum class Division { row, empty_line, end, too_long, open_quote };

    Division divide();
    const char *end_of_value(const char *value) const;
    const char *end_of_quotes(const char *opening) const;
    bool is_wrapped(std::string_view value) const;
    std::string_view trimmed(std::string_view value) const;
    const char *skip_spaces(const char *place) const;
    void skip_marks();
    void go_to(const char *place);
    arrow::Status skip_line();
    arrow::Status fill();

    const std::shared_ptr<arrow::io::InputStream> file;
    const char delimiter;
    const pqc_quoting quoting;
    const bool trims;
    /// Whether a byte ends an unquoted value.
    bool ends_value[256] = {};

    /// Not filled with zeros: most files need little of it.
    const std::unique_ptr<char[]> buffer;
    /// The start of the unread data in the buffer, which is the start of the row.
    const char *start;
    const char *filled;
    /// The limit at which a row that starts at `start` must have ended.
    const char *limit;
    bool is_read = false;
    bool has_started = false;

    std::vector<CSVValue> row;
    std::string reason;
    int64_t row_line = 1;
    int64_t next_line = 1;
    /// The start of the quoted value that does not end.
    const char *open_quote = nullptr;
    /// Whether that value would end inside a value of another row.
    bool joins_rows = false;
};

}  // namespace pqc
