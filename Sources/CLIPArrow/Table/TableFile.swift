internal import CLIPCore
internal import CParquet

/// A CSV or Parquet file and its columns.
struct TableFile: Sendable {
    private enum Content: Sendable {
        case csv(delimiter: UInt8, quoting: TableQuoting)
        case parquet(ParquetFileReader)
    }

    private static let parquetMagic = Array("PAR1".utf8)

    let path: String
    let columns: [TableColumn]
    private let content: Content

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file: Parquet if its content or name says so, otherwise CSV.
    ///   - delimiter: The delimiter of a CSV file; by default a tab for `.tsv`, otherwise a comma.
    ///   - quoting: The meaning of quotes in a CSV file; by default that which suits the delimiter.
    /// - Throws: `CLIPError` with code `notFound`, `unreadable` or `corruptData`; `unsupportedFormat` if two columns
    ///   have the same name.
    init(path: String, delimiter: UInt8? = nil, quoting: TableQuoting? = nil) throws {
        let isParquet = try Self.start(of: path) == Self.parquetMagic || Self.fileExtension(path) == "parquet"
        let delimiter = delimiter ?? UInt8(ascii: Self.fileExtension(path) == "tsv" ? "\t" : ",")
        let content: Content =
            isParquet
            ? .parquet(try ParquetFileReader(path: path))
            : .csv(delimiter: delimiter, quoting: quoting ?? TableQuoting(delimiter: delimiter))
        let all = try Self.stream(path, content, columns: [], rows: 1).columns
        // The last column of a CSV stream holds the error of a malformed row.
        let columns = (isParquet ? all : all.dropLast()).map { TableColumn(name: $0.name, format: $0.format) }
        var names = Set<String>()
        for column in columns where !names.insert(column.name).inserted {
            throw CLIPError(.unsupportedFormat, "\(path): two columns are named '\(column.name)'. Rename one of them.")
        }
        self.path = path
        self.columns = columns
        self.content = content
    }

    /// What seems to separate the values of a CSV file that was read as one column because it has no commas.
    var otherDelimiter: String? {
        guard case .csv(let delimiter, _) = content, delimiter == UInt8(ascii: ","), columns.count == 1 else {
            return nil
        }
        if columns[0].name.contains(";") { return "semicolons" }
        return columns[0].name.contains("\t") ? "tabs" : nil
    }

    /// Whether a file has a table's extension or is a Parquet file.
    static func isTable(_ path: String) -> Bool {
        if let kind = try? PathKind(path), kind == .folder { return false }
        return ["csv", "tsv", "parquet"].contains(fileExtension(path)) || (try? start(of: path)) == parquetMagic
    }

    /// Starts at the first row.
    ///
    /// - Parameters:
    ///   - columns: The columns to read.
    ///   - rows: The maximum number of rows per batch of a Parquet file.
    /// - Returns: Batches with the columns in the given order.
    /// - Throws: `CLIPError`.
    func rows(columns: [TableColumn], rows: Int) throws -> TableRows {
        TableRows(try Self.stream(path, content, columns: columns.map(\.name), rows: rows), columns: columns)
    }

    /// Number of rows, from the footer of a Parquet file, or by reading a CSV file.
    ///
    /// - Parameter column: A column to read.
    /// - Returns: Number of rows.
    /// - Throws: `CLIPError`.
    func rowCount(readingColumn column: TableColumn) throws -> Int {
        if case .parquet(let file) = content { return file.rowCount }
        let rows = try rows(columns: [column], rows: 0)
        var count = 0
        while let batch = try rows.next() {
            count += batch.count
        }
        return count
    }

    private static func stream(
        _ path: String,
        _ content: Content,
        columns: [String],
        rows: Int
    ) throws -> RecordBatchStream {
        switch content {
        case .parquet(let file):
            try file.plainStream(columns: columns, rows: rows)
        case .csv(let delimiter, let quoting):
            try RecordBatchStream(file: path, columns: columns) {
                pqc_csv_stream(path, CChar(bitPattern: delimiter), quoting.code, $0, $0.count, $1, $2)
            }
        }
    }

    private static func fileExtension(_ path: String) -> String? {
        let name = path.split(separator: "/").last ?? ""
        return name.contains(".") ? name.split(separator: ".").last?.lowercased() : nil
    }

    /// The first bytes of a regular file.
    private static func start(of path: String) throws -> [UInt8] {
        struct Enough: Error {}
        var start = [UInt8]()
        do {
            try FileBytes.forEachChunk(bytesOfPath: Array(path.utf8)) { chunk, _ in
                start = Array(chunk.prefix(parquetMagic.count))
                throw Enough()
            }
        } catch is Enough {}
        return start
    }
}
