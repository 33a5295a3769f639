internal import CLIPCore
internal import CParquet

/// A CSV or Parquet file, or a stream of rows, and its columns.
struct TableFile: Sendable {
    private enum Content: Sendable {
        case csv(delimiter: UInt8, quoting: TableQuoting)
        case parquet(rows: Int)
        case stream(TableStream)
    }

    /// How a CSV file is written, where it does not show itself.
    struct Dialect: Sendable {
        /// By default found in the header.
        var delimiter: UInt8?
        /// By default that which suits the delimiter.
        var quoting: TableQuoting?
    }

    private static let parquetMagic = Array("PAR1".utf8)
    /// More than enough for a header.
    private static let startBytes = 64 * 1024

    let path: String
    /// Each has a name of its own.
    let columns: [TableColumn]
    private let content: Content
    /// Lines before the first row.
    private let headerLines: Int

    /// Opens a file, whose rows are read later; it is not kept open.
    ///
    /// - Parameters:
    ///   - path: The file: Parquet if its content or name says so, otherwise CSV.
    ///   - dialect: How a CSV file is written.
    /// - Throws: `CLIPError` with code `notFound`, `unreadable` or `corruptData`; `unsupportedFormat` if a CSV file is
    ///   UTF-16, or its delimiter is unclear.
    init(path: String, dialect: Dialect = Dialect()) throws {
        self.path = path
        let start = try Self.start(of: path, count: Self.startBytes)
        if start.starts(with: Self.parquetMagic) || Self.fileExtension(path) == "parquet" {
            let file = try ParquetFileReader(path: path)
            content = .parquet(rows: file.rowCount)
            headerLines = 0
            columns = try file.plainStream(columns: [], rows: 1).columns.map(TableColumn.init)
        } else {
            let text = try CSVText(path: path, start: start)
            let delimiter = try dialect.delimiter ?? text.delimiter()
            let quoting = dialect.quoting ?? TableQuoting(delimiter: delimiter)
            content = .csv(delimiter: delimiter, quoting: quoting)
            headerLines = text.namedDelimiter == nil ? 1 : 2
            let all = try Self.csvStream(path, delimiter: delimiter, quoting: quoting, columns: []).columns
            // The last column holds the error of a malformed row.
            columns = all.dropLast().map(TableColumn.init)
        }
    }

    /// Rows that come from elsewhere.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    init(stream: TableStream) throws {
        path = stream.name
        content = .stream(stream)
        headerLines = 0
        columns = try stream.columns().map(TableColumn.init)
    }

    /// The delimiter of a CSV file; `nil` for others.
    var delimiter: UInt8? {
        if case .csv(let delimiter, _) = content { delimiter } else { nil }
    }

    /// Whether a file has a table's extension or is a Parquet file.
    static func isTable(_ path: String) -> Bool {
        if let kind = try? PathKind(path), kind == .folder { return false }
        return ["csv", "tsv", "parquet"].contains(fileExtension(path))
            || (try? start(of: path, count: parquetMagic.count)) == parquetMagic
    }

    /// Starts at the first row.
    ///
    /// - Parameters:
    ///   - columns: The columns to read.
    ///   - rows: The maximum number of rows per batch of a Parquet file.
    /// - Returns: Batches with the columns in the given order.
    /// - Throws: `CLIPError`.
    func rows(columns: [TableColumn], rows: Int) throws -> TableRows {
        let names = columns.map(\.name)
        let stream =
            switch content {
            case .parquet: try ParquetFileReader(path: path).plainStream(columns: names, rows: rows)
            case .csv(let delimiter, let quoting):
                try Self.csvStream(path, delimiter: delimiter, quoting: quoting, columns: names)
            case .stream(let stream): try stream.batches(columns: names)
            }
        return TableRows(stream, columns: columns)
    }

    /// Number of images in a column: of rows, or of items of all lists, where an empty one counts as one.
    ///
    /// From the footer of a Parquet file or the origin of a stream, or by reading the rows of a CSV file.
    ///
    /// - Returns: The number; `nil` for lists in a stream, all of whose rows would have to be read.
    /// - Throws: `CLIPError`.
    func imageCount(_ column: TableColumn) throws -> Int? {
        switch content {
        case .parquet(let count):
            column.holdsLists ? try ParquetFileReader(path: path).itemCount(column.name) : count
        case .stream(let stream): column.holdsLists ? nil : try stream.count()
        case .csv: try rowCount(column)
        }
    }

    private func rowCount(_ column: TableColumn) throws -> Int {
        let rows = try rows(columns: [column], rows: 0)
        var count = 0
        while let batch = try rows.next() {
            count += batch.count
        }
        return count
    }

    /// Number of lines within quoted values of a CSV file, which are not rows of their own.
    ///
    /// - Throws: `CLIPError`.
    func quotedLineCount() throws -> Int {
        guard case .csv(_, .standard) = content, let column = columns.first else { return 0 }
        var lines = 0
        var last = UInt8(ascii: "\n")
        var hasQuotes = false
        try FileBytes.forEachChunk(bytesOfPath: Array(path.utf8)) { chunk, _ in
            for byte in chunk where byte != UInt8(ascii: "\r") {
                if byte == UInt8(ascii: "\"") { hasQuotes = true }
                if byte == UInt8(ascii: "\n") && last != byte { lines += 1 }
                last = byte
            }
        }
        guard hasQuotes else { return 0 }
        if last != UInt8(ascii: "\n") { lines += 1 }
        return max(0, lines - headerLines - (try rowCount(column)))
    }

    private static func csvStream(
        _ path: String,
        delimiter: UInt8,
        quoting: TableQuoting,
        columns: [String]
    ) throws -> RecordBatchStream {
        try RecordBatchStream(file: path, columns: columns) {
            pqc_csv_stream(path, CChar(bitPattern: delimiter), quoting.code, $0, $0.count, $1, $2)
        }
    }

    /// In lower case; `nil` if the name has no dot.
    static func fileExtension(_ path: String) -> String? {
        let name = path.split(separator: "/").last ?? ""
        return name.contains(".") ? name.split(separator: ".").last?.lowercased() : nil
    }

    /// The first bytes of a regular file.
    private static func start(of path: String, count: Int) throws -> [UInt8] {
        struct Enough: Error {}
        var start = [UInt8]()
        do {
            try FileBytes.forEachChunk(bytesOfPath: Array(path.utf8)) { chunk, _ in
                start += chunk.prefix(count - start.count)
                if start.count == count { throw Enough() }
            }
        } catch is Enough {}
        return start
    }
}
