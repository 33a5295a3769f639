// Streams of the rows of CSV files.
#include <algorithm>
#include <utility>

#include <arrow/array/builder_binary.h>
#include <arrow/c/bridge.h>
#include <arrow/type.h>
#include <arrow/util/utf8.h>

#include "csv_rows.hpp"
#include "file_stream.hpp"
#include "names.hpp"
#include "regular_file.hpp"

namespace pqc {
namespace {

constexpr int64_t batch_rows = 4096;
constexpr int64_t batch_bytes = 1 << 20;

/// The names of the columns.
struct CSVHeader {
    std::vector<std::string> names_in_file;
    std::vector<std::string> names;
    /// Whether a name has a space before or after it.
    bool has_spaces = false;
};

/// The rows as record batches, with a last column for errors of rows.
class CSVReader final : public arrow::RecordBatchReader {
public:
    /// `positions`: the position of each column among a row's `width` values.
    CSVReader(std::unique_ptr<CSVRows> rows, const CSVHeader &header, std::vector<size_t> positions)
        : rows(std::move(rows)), positions(std::move(positions)), width(header.names.size()),
          builders(this->positions.size()) {
        std::vector<std::shared_ptr<arrow::Field>> fields;
        for (const size_t position : this->positions) {
            fields.push_back(named_field(header.names[position], header.names_in_file[position], arrow::large_utf8()));
        }
        fields.push_back(arrow::field("", arrow::large_utf8()));
        columns = arrow::schema(std::move(fields));
    }

    std::shared_ptr<arrow::Schema> schema() const override { return columns; }

    arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch> *batch) override {
        int64_t count = 0, bytes = 0;
        while (count < batch_rows && bytes < batch_bytes) {
            ARROW_ASSIGN_OR_RAISE(const bool is_row, rows->next());
            if (!is_row) break;
            ARROW_ASSIGN_OR_RAISE(const int64_t appended, append());
            bytes += appended;
            ++count;
        }
        if (count == 0) {
            batch->reset();
            return arrow::Status::OK();
        }
        std::vector<std::shared_ptr<arrow::Array>> arrays(builders.size() + 1);
        for (size_t i = 0; i < builders.size(); ++i) ARROW_RETURN_NOT_OK(builders[i].Finish(&arrays[i]));
        ARROW_RETURN_NOT_OK(faults.Finish(&arrays.back()));
        *batch = arrow::RecordBatch::Make(columns, count, std::move(arrays));
        return arrow::Status::OK();
    }

private:
    /// Appends the row and returns its size in bytes.
    arrow::Result<int64_t> append() {
        if (const std::string reason = fault(); !reason.empty()) {
            for (auto &builder : builders) ARROW_RETURN_NOT_OK(builder.AppendNull());
            ARROW_RETURN_NOT_OK(faults.Append(reason));
            return static_cast<int64_t>(reason.size());
        }
        int64_t bytes = 0;
        for (size_t i = 0; i < builders.size(); ++i) {
            const std::string_view text = rows->values()[positions[i]].text(scratch);
            ARROW_RETURN_NOT_OK(text.empty() ? builders[i].AppendNull() : builders[i].Append(text));
            bytes += static_cast<int64_t>(text.size());
        }
        ARROW_RETURN_NOT_OK(faults.AppendNull());
        return bytes;
    }

    std::string fault() const {
        if (!rows->fault().empty()) return rows->fault();
        const std::vector<CSVValue> &values = rows->values();
        const auto is_empty = [](const CSVValue &value) {
            return value.raw.empty() || (value.quoted && value.raw.size() == 2);
        };
        const auto extra = values.begin() + static_cast<std::ptrdiff_t>(std::min(width, values.size()));
        if (values.size() >= width && std::all_of(extra, values.end(), is_empty)) return "";
        std::string reason = "has " + std::to_string(values.size()) + (values.size() == 1 ? " value" : " values") +
                             " (line " + std::to_string(rows->line()) + "), and the header has " + std::to_string(width);
        const bool is_quote_cut = std::any_of(values.begin(), values.end(), [](const CSVValue &value) {
            return !value.quoted && value.raw.starts_with('"');
        });
        if (is_quote_cut) reason += "; a quoted value that holds delimiters or newlines needs standard quoting";
        return reason;
    }

    const std::unique_ptr<CSVRows> rows;
    const std::vector<size_t> positions;
    const size_t width;
    std::shared_ptr<arrow::Schema> columns;
    std::vector<arrow::LargeStringBuilder> builders;
    arrow::LargeStringBuilder faults;
    std::string scratch;
};

CSVHeader read_header(CSVRows &rows, const std::string &path) {
    const auto refuse = [&path](const std::string &reason) {
        return Failure(PQC_FORMAT, path + ": cannot read as CSV: " + reason);
    };
    if (!check(rows.next(), {path, "read", PQC_FORMAT})) throw refuse("it is empty, and has no header");
    if (!rows.fault().empty()) throw refuse("the header " + rows.fault());
    arrow::util::InitializeUTF8();
    CSVHeader header;
    std::string scratch;
    for (const CSVValue &value : rows.values()) {
        header.names_in_file.emplace_back(value.text(scratch));
        header.has_spaces |= value.raw.starts_with(' ') || value.raw.ends_with(' ');
        const std::string &name = header.names_in_file.back();
        if (name.find('\0') != std::string::npos) throw refuse("the header holds a NUL; is it UTF-16? Save it as UTF-8");
        if (!arrow::util::ValidateUTF8(name)) throw refuse("the header is not UTF-8");
    }
    header.names = distinct_names(header.names_in_file);
    return header;
}

/// The positions of the requested columns in the header.
std::vector<size_t> find_columns(const std::vector<std::string> &names, const char *const *wanted, size_t count,
                                 const std::string &path) {
    std::vector<size_t> positions;
    for (size_t i = 0; i < (count > 0 ? count : names.size()); ++i) {
        if (count == 0) {
            positions.push_back(i);
            continue;
        }
        require(wanted[i], "the name of a column");
        const auto found = std::find(names.begin(), names.end(), wanted[i]);
        if (found == names.end()) throw Failure(PQC_NOT_FOUND, path + ": there is no column '" + wanted[i] + "'");
        positions.push_back(static_cast<size_t>(found - names.begin()));
    }
    return positions;
}

}  // namespace
}  // namespace pqc

pqc_status pqc_csv_stream(const char *path, char delimiter, pqc_quoting quoting, const char *const *columns,
                          size_t column_count, ArrowArrayStream *stream, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(path, "path");
        pqc::require(stream, "stream");
        if (column_count > 0) pqc::require(columns, "columns");
        if (delimiter == '"' || delimiter == '\n' || delimiter == '\r') {
            throw pqc::Failure(PQC_INVALID_ARGUMENT, "a quote or the end of a line cannot be the delimiter");
        }
        switch (pqc::number(quoting)) {
            case PQC_QUOTING_STANDARD:
            case PQC_QUOTING_WHOLE_VALUES:
            case PQC_QUOTING_NONE: break;
            default:
                throw pqc::Failure(PQC_INVALID_ARGUMENT, "there is no quoting " + std::to_string(pqc::number(quoting)));
        }
        const std::string name = path;
        const auto file = pqc::open_regular_file(name);
        auto rows = std::make_unique<pqc::CSVRows>(file, delimiter, quoting, false);
        pqc::CSVHeader header = pqc::read_header(*rows, name);
        if (header.has_spaces) {
            pqc::check(file->Seek(0), {name, "read", PQC_FORMAT});
            rows = std::make_unique<pqc::CSVRows>(file, delimiter, quoting, true);
            header = pqc::read_header(*rows, name);
        }
        auto positions = pqc::find_columns(header.names, columns, column_count, name);
        auto reader = std::make_shared<pqc::CSVReader>(std::move(rows), header, std::move(positions));
        pqc::check(arrow::ExportRecordBatchReader(std::make_shared<pqc::FileStream>(name, file, std::move(reader)), stream),
                   {name, "read", PQC_FORMAT});
    });
}
