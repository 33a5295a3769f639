public import CLIPCore
public import CLIPPipeline

/// The images of a CSV or Parquet table, one per row.
///
/// One column holds each image's path, URI or bytes, and another its id. Without an id column, the path or URI is the
/// id. The other columns are copied to the store.
///
/// ```swift
/// let source = try TableSource(path: "photos.csv")
/// print(source.columns.map(\.name))  // ["path", "label"]
/// ```
///
/// Relative paths are resolved against the table's folder. Rows are read in batches, whatever the size of the table.
///
/// A row that cannot be used is offered as an unreadable image, and the walk continues: a row without an image or an
/// id, with too few or too many values, with a text that is not UTF-8 or exceeds 1 MiB, with an integer too large to
/// store, or whose id is a URI with credentials. If its id is unknown, the image is named by its row, for example `row
/// 17 of photos.csv`. Rows are counted from 1, without the header.
public struct TableSource: ImageSource {
    /// Options that assign roles to columns.
    public struct Options: Sendable, Hashable {
        package var imageColumn: String?
        package var idColumn: String?
        package var carriedColumns: [String]?
        package var delimiter: Character?
        package var quoting: TableQuoting?

        /// Creates options.
        ///
        /// - Parameters:
        ///   - imageColumn: The column with paths, URIs or bytes. By default the first of `path`, `file`, `filepath`,
        ///     `filename`, `image_path`, `uri`, `url`, `image` and `bytes` that holds texts or bytes, ignoring case.
        ///     Bytes in a column named like a path or URI, such as `path` or `url`, are treated as one.
        ///   - idColumn: The column with ids: texts, integers, or bytes that are UTF-8. By default the first of `id`,
        ///     `image_id` and `key`, ignoring case. Required if images are bytes.
        ///   - carriedColumns: The columns to copy to the store; by default all except ids and bytes.
        ///   - delimiter: The delimiter of a CSV file; by default a tab for `.tsv`, otherwise a comma.
        ///   - quoting: The meaning of quotes in a CSV file; by default ``TableQuoting/wholeValues`` for tab-separated
        ///     values, otherwise ``TableQuoting/standard``.
        public init(
            imageColumn: String? = nil,
            idColumn: String? = nil,
            carriedColumns: [String]? = nil,
            delimiter: Character? = nil,
            quoting: TableQuoting? = nil
        ) {
            self.imageColumn = imageColumn
            self.idColumn = idColumn
            self.carriedColumns = carriedColumns
            self.delimiter = delimiter
            self.quoting = quoting
        }
    }

    /// The path of the table.
    package let path: String
    /// The columns that are copied to the store.
    public let columns: [SourceColumn]
    /// The column with paths, URIs or bytes.
    package var imageColumn: String { layout.image.name }
    /// The column with ids, or `nil` if the path or URI is the id.
    package var idColumn: String? { layout.id?.name }

    let file: TableFile
    let layout: TableLayout
    let locations: ImageLocations

    /// Opens a table and chooses its columns.
    ///
    /// - Parameters:
    ///   - path: The file: Parquet if its content or name says so, otherwise CSV with a header.
    ///   - options: The roles of the columns.
    ///   - locations: Reads URIs; its file size limit also applies to bytes in the table.
    /// - Throws: `CLIPError` with code `notFound` if the file or a column does not exist, `unreadable`, `corruptData`,
    ///   or `unsupportedFormat` if a column has an unsuitable type.
    public init(
        path: String,
        options: Options = Options(),
        locations: ImageLocations = ImageLocations()
    ) throws {
        let delimiter = try options.delimiter.map { delimiter in
            guard let code = delimiter.asciiValue, !["\"", "\r", "\n", "\r\n"].contains(delimiter) else {
                throw CLIPError(.unsupportedFormat, "The delimiter '\(delimiter)' is not one ASCII character.")
            }
            return code
        }
        self.path = path
        self.file = try TableFile(path: path, delimiter: delimiter, quoting: options.quoting)
        self.layout = try TableLayout(file, options: options)
        self.columns = layout.columns
        self.locations = locations
    }

    /// Whether a file has the extension `.csv`, `.tsv` or `.parquet`, or is a Parquet file.
    package static func isTable(_ path: String) -> Bool {
        TableFile.isTable(path)
    }

    /// Starts at the first row.
    ///
    /// - Throws: `CLIPError` if the table cannot be read.
    public func makeIterator() throws -> any ImageIterator {
        try TableIterator(self)
    }

    /// Number of rows.
    ///
    /// Reads a CSV file to the end.
    ///
    /// - Throws: `CLIPError` if the table cannot be read.
    public func count() async throws -> Int? {
        try file.rowCount(readingColumn: layout.image)
    }
}
