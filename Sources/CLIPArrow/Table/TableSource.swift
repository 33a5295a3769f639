public import CLIPCore
public import CLIPPipeline

/// The images of a CSV or Parquet table, one a row.
///
/// A column holds each image's path, URI or bytes, and another one its id; without one the path or URI is the id. The
/// other columns are carried to the store.
///
/// ```swift
/// let source = try TableSource(path: "photos.csv")
/// print(source.columns.map(\.name))  // ["path", "label"]
/// ```
///
/// A relative path starts at the table's folder. Rows are read in batches, whatever the size of the table.
///
/// A row that cannot be used is an image that cannot be read, and the rows after it are offered as ever: one without an
/// image or an id, with too few or too many values, with a text that is not UTF-8 or has more than 1 MiB, with an integer
/// too large to be stored, or whose id is a URI with credentials. Where its id is not known, it is called for example
/// `row 17 of photos.csv`. Rows are counted from 1, without the header.
public struct TableSource: ImageSource {
    /// Which columns are what.
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
        ///     `filename`, `image_path`, `uri`, `url`, `image` and `bytes` that holds texts or bytes, in any case of
        ///     letters. Bytes in a column with the name of a path or a URI, such as `path` or `url`, are taken for one.
        ///   - idColumn: The column with ids: texts, integers, or bytes that are UTF-8. By default the first of `id`,
        ///     `image_id` and `key`, in any case of letters. Images that are bytes need one.
        ///   - carriedColumns: The columns to carry to the store; by default all, but for the ids and bytes.
        ///   - delimiter: What is between the values of a CSV file; by default a tab in `.tsv`, and otherwise a comma.
        ///   - quoting: What quotes mean in a CSV file; by default ``TableQuoting/wholeValues`` where tabs are between the
        ///     values, and otherwise ``TableQuoting/standard``.
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

    /// Path of the table.
    package let path: String
    /// The columns that are carried to the store.
    public let columns: [SourceColumn]
    /// The column with paths, URIs or bytes.
    package var imageColumn: String { layout.image.name }
    /// The column with ids, or `nil` where the path or URI is the id.
    package var idColumn: String? { layout.id?.name }

    let file: TableFile
    let layout: TableLayout
    let locations: ImageLocations

    /// Opens a table and chooses its columns.
    ///
    /// - Parameters:
    ///   - path: The file: Parquet where its content or name says so, CSV with a header otherwise.
    ///   - options: Which columns are what.
    ///   - locations: Reads URIs; its limit for the size of a file also holds for bytes in the table.
    /// - Throws: `CLIPError` with code `notFound` when there is no such file or column, `unreadable`, `corruptData`, or
    ///   `unsupportedFormat` when the columns do not fit.
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

    /// Whether a file is named `.csv`, `.tsv` or `.parquet`, or is a Parquet file.
    package static func isTable(_ path: String) -> Bool {
        TableFile.isTable(path)
    }

    /// Starts at the first row.
    ///
    /// - Throws: `CLIPError` when the table cannot be read.
    public func makeIterator() throws -> any ImageIterator {
        try TableIterator(self)
    }

    /// Number of rows.
    ///
    /// A CSV file is read through for it.
    ///
    /// - Throws: `CLIPError` when the table cannot be read.
    public func count() async throws -> Int? {
        try file.rowCount(readingColumn: layout.image)
    }
}
