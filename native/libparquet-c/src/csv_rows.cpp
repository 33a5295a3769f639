#include "csv_rows.hpp"

#include <algorithm>
#include <cstring>

namespace pqc {
namespace {

constexpr size_t buffer_bytes = 4 * most_row_bytes;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

const char *find(const char *from, const char *to, char byte) {
    const void *found = from < to ? std::memchr(from, byte, static_cast<size_t>(to - from)) : nullptr;
    return found ? static_cast<const char *>(found) : to;
}

/// The first byte of the line terminator.
const char *end_of_line(const char *from, const char *to) {
    return std::find_if(from, to, [](char byte) { return byte == '\n' || byte == '\r'; });
}

/// Whether quotes span several lines and end before other text: the second quote probably begins a value of another
/// row.
bool joins_lines(const char *opening, const char *after_quotes, const char *end) {
    return std::any_of(after_quotes, end, [](char byte) { return byte != ' '; }) &&
           end_of_line(opening, after_quotes) != after_quotes;
}

}  // namespace

std::string_view CSVValue::text(std::string &scratch) const {
    if (!quoted) return raw;
    scratch.clear();
    std::string_view rest = raw.substr(1);
    for (;;) {
        const size_t quote = rest.find('"');
        scratch.append(rest.substr(0, quote));
        if (quote == std::string_view::npos) return scratch;
        rest = rest.substr(quote + 1);
        if (rest.empty() || rest.front() != '"') return scratch.append(rest);  // text behind the quotes
        scratch.push_back('"');
        rest = rest.substr(1);
    }
}

CSVRows::CSVRows(std::shared_ptr<arrow::io::InputStream> file, char delimiter, pqc_quoting quoting, bool trims)
    : file(std::move(file)), delimiter(delimiter), quoting(quoting), trims(trims),
      buffer(std::make_unique_for_overwrite<char[]>(buffer_bytes)), start(buffer.get()), filled(start), limit(start) {
    for (const char byte : {delimiter, '\n', '\r'}) ends_value[static_cast<unsigned char>(byte)] = true;
}

arrow::Result<bool> CSVRows::next() {
    for (;;) {
        ARROW_RETURN_NOT_OK(fill());
        reason.clear();
        row_line = next_line;
        switch (divide()) {
            case Division::row: return true;
            case Division::empty_line: continue;
            case Division::end: return false;
            case Division::too_long:
                row.clear();
                reason = "has more than " + std::to_string(most_row_bytes) + " bytes";
                go_to(limit);
                ARROW_RETURN_NOT_OK(skip_line());
                return true;
            case Division::open_quote:
                // The quote affects only its own line: the next lines are separate rows.
                row.clear();
                go_to(open_quote);
                reason = "has a quoted value, in line " + std::to_string(next_line) +
                         (joins_rows ? ", that ends in another line, before other text" : ", that does not end");
                ARROW_RETURN_NOT_OK(skip_line());
                return true;
        }
    }
}

/// Splits the row at `start` and moves to its end, or does not move if it cannot be split.
CSVRows::Division CSVRows::divide() {
    if (start == filled) return Division::end;
    const bool is_last = is_read && limit == filled;
    row.clear();
    for (const char *value = skip_spaces(start);;) {
        const bool has_quotes = quoting == PQC_QUOTING_STANDARD && value < limit && *value == '"';
        const char *const after_quotes = has_quotes ? end_of_quotes(value) : value;
        if (!after_quotes) {
            joins_rows = false;
            open_quote = value;
            return Division::open_quote;
        }
        const char *const end = end_of_value(after_quotes);
        joins_rows = has_quotes && joins_lines(value, after_quotes, end);
        if (joins_rows) {
            open_quote = value;
            return Division::open_quote;
        }
        if (end == limit && !is_last) return Division::too_long;
        const std::string_view raw = trimmed({value, static_cast<size_t>(end - value)});
        row.push_back({raw, has_quotes || (quoting == PQC_QUOTING_WHOLE_VALUES && is_wrapped(raw))});
        if (end < limit && *end == delimiter) {
            value = skip_spaces(end + 1);
            continue;
        }
        const bool is_empty = row.size() == 1 && raw.empty();
        const char *following = end;
        if (following < limit) {
            const bool has_line_feed = *following == '\r' && following + 1 < filled && following[1] == '\n';
            following += has_line_feed ? 2 : 1;
        }
        go_to(following);
        return is_empty ? Division::empty_line : Division::row;
    }
}

const char *CSVRows::end_of_value(const char *value) const {
    while (value < limit && !ends_value[static_cast<unsigned char>(*value)]) ++value;
    return value;
}

/// The position after the quote that ends the value starting at `opening`; null if there is none.
const char *CSVRows::end_of_quotes(const char *opening) const {
    for (const char *place = opening + 1;; ++place) {
        place = find(place, limit, '"');
        if (place == limit) return nullptr;
        ++place;
        if (place == limit || *place != '"') return place;
    }
}

/// Whether quotes surround a value and all quotes within it are doubled.
bool CSVRows::is_wrapped(std::string_view value) const {
    if (value.size() < 2 || value.front() != '"' || value.back() != '"') return false;
    const std::string_view inside = value.substr(1, value.size() - 2);
    for (size_t quote = inside.find('"'); quote != std::string_view::npos; quote = inside.find('"', quote + 2)) {
        if (quote + 1 == inside.size() || inside[quote + 1] != '"') return false;
    }
    return true;
}

std::string_view CSVRows::trimmed(std::string_view value) const {
    while (trims && value.ends_with(' ')) value.remove_suffix(1);
    return value;
}

const char *CSVRows::skip_spaces(const char *place) const {
    while (trims && place < limit && *place == ' ') ++place;
    return place;
}

/// Skips what comes before the header: a byte order mark, and the line `sep=;` that Excel takes the delimiter from.
void CSVRows::skip_marks() {
    const auto text = [this] { return std::string_view(start, static_cast<size_t>(filled - start)); };
    if (text().starts_with(byte_order_mark)) start += byte_order_mark.size();
    const char *const end = end_of_line(start, filled);
    if (end - start == 5 && text().starts_with("sep=") && start[4] == delimiter) go_to(end);
}

/// Skips everything before `place`.
void CSVRows::go_to(const char *place) {
    next_line += std::count(start, place, '\n');
    start = place;
}

/// Skips the rest of the line.
arrow::Status CSVRows::skip_line() {
    for (;;) {
        ARROW_RETURN_NOT_OK(fill());
        const char *end = end_of_line(start, filled);
        if (end < filled) {
            const bool has_line_feed = *end == '\r' && end + 1 < filled && end[1] == '\n';
            go_to(end + (has_line_feed ? 2 : 1));
            return arrow::Status::OK();
        }
        go_to(filled);
        if (is_read) return arrow::Status::OK();
    }
}

/// Ensures that the longest possible row fits between `start` and `filled`, unless the file ends before, and sets the
/// limit.
arrow::Status CSVRows::fill() {
    const auto left = [this] { return static_cast<size_t>(filled - start); };
    if (left() <= most_row_bytes && !is_read) {
        const size_t kept = left();
        std::memmove(buffer.get(), start, kept);
        char *end = buffer.get() + kept;
        char *const whole = buffer.get() + buffer_bytes;
        while (end < whole && !is_read) {
            ARROW_ASSIGN_OR_RAISE(const int64_t count, file->Read(whole - end, end));
            is_read = count == 0;
            end += count;
        }
        start = buffer.get();
        filled = end;
        if (!has_started) skip_marks();
        has_started = true;
    }
    limit = start + std::min(left(), most_row_bytes);
    return arrow::Status::OK();
}

}  // namespace pqc
