public import CLIPCore
public import CLIPPipeline

/// The images of a CSV or Parquet table, one per row, or of several such as the shards of a data set.
///
/// One column holds each image's path, URI or bytes, and another its id. If it holds lists, each of their items is an
/// image. The other columns are copied to the store, lists, structs and maps as JSON.
///
/// ```swift
/// let source = try TableSource(path: "photos.csv")
/// print(source.columns.map(\.name))  // ["path", "label"]
/// let shards = try TableSource(path: "data/train-*.parquet")
/// ```
///
/// Without an id column, the path or URI is the id. For images that are bytes with a path, as in Hugging Face's data
/// sets, it is the file and that path, such as `pets/data/train-00000-of-00002.parquet/dog.png`; or the file and the row,
/// such as `pets/data/train-00000-of-00002.parquet#17`, if the path is missing or repeats in the file. The images of a
/// list have `#1`, `#2` and so on behind the id of their row.
///
/// Relative paths are resolved against the table's folder. Rows are read in batches, whatever the size of the table.
///
/// A row that cannot be used is offered as an unreadable image, and the walk continues: a row without an image, with a
/// value that cannot be an id, with too few or too many values, with a text that is not UTF-8, or whose id is a URI with
/// credentials. If its id is unknown, the image is named by its row, for example `row 17 of photos.csv`. Rows are counted
/// from 1, without the header. Texts above 1 MiB in the other columns are not stored; in columns that
/// ``Options`` names, they fail their row.
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
        ///   - imageColumn: The column with paths, URIs or bytes, or lists of them. By default the only one with images
        ///     and their paths (structs with the members `bytes` and `path`); or the first of `path`, `file`,
        ///     `filepath`, `filename`, `file_name`, `image_path`, `uri`, `url`, `image_url`, `image` and `bytes` that
        ///     holds texts or bytes, ignoring case; or the only one whose first value is an image, or names one. Bytes
        ///     in a column named like a path or URI, such as `path` or `url`, are treated as one.
        ///   - idColumn: The column with ids: texts, integers, whole floats, booleans, dates, times, decimals, UUIDs or
        ///     bytes that are UTF-8. By default the first of `id`, `image_id`, `key` and `__key__`, ignoring case. The
        ///     paths of images in a column `image` are the column `image.path`.
        ///   - carriedColumns: The columns to copy to the store; by default all that can be stored except ids. Bytes
        ///     are stored as text if they are named here.
        ///   - delimiter: The delimiter of a CSV file; by default a tab for `.tsv` and a comma for others, or else the
        ///     only one of `,`, `;`, tab and `|` in the header.
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

    /// The columns that are copied to the store.
    public let columns: [SourceColumn]
    let shards: [TableShard]
    let locations: ImageLocations
    let oversized = OversizedValues()
    private let path: String

    /// Opens a table and chooses its columns.
    ///
    /// - Parameters:
    ///   - path: A file: Parquet if its content or name says so, otherwise CSV with a header. Or a folder with Parquet
    ///     or CSV files and without images, or a glob pattern such as `data/train-*.parquet`
    ///     (`FolderSource.Options`); their files are read in the order of folders and names.
    ///   - options: The roles of the columns.
    ///   - locations: Reads URIs; its file size limit also applies to bytes in the table.
    /// - Throws: `CLIPError` with code `notFound` if the file or a column does not exist, `unreadable`, `corruptData`,
    ///   or `unsupportedFormat` if a column has an unsuitable type or a CSV file's delimiter is unclear.
    public init(
        path: String,
        options: Options = Options(),
        locations: ImageLocations = ImageLocations()
    ) throws {
        if case .folder? = try? PathKind(path), try TableFiles.named(path) == nil {
            throw CLIPError(.notFound, "\(path) has no tables (.parquet, .csv, .tsv), or has images or archives too.")
        }
        try self.init(files: TableFiles.named(path) ?? [path], path: path, options: options, locations: locations)
    }

    /// Opens tables as one.
    ///
    /// - Parameters:
    ///   - files: Their paths.
    ///   - path: What to call them in messages.
    ///   - options: The roles of the columns.
    ///   - locations: Reads URIs.
    /// - Throws: `CLIPError` as for one table.
    package init(files: [String], path: String, options: Options, locations: ImageLocations) throws {
        let delimiter = try options.delimiter.map { delimiter in
            guard let code = delimiter.asciiValue, !["\"", "\r", "\n", "\r\n"].contains(delimiter) else {
                throw CLIPError(.unsupportedFormat, "The delimiter '\(delimiter)' is not one ASCII character.")
            }
            return code
        }
        let dialect = TableFile.Dialect(delimiter: delimiter, quoting: options.quoting)
        self.path = path
        self.locations = locations
        shards = try TableShard.open(files, options: options, dialect: dialect)
        columns = shards.columns
    }

    /// Takes rows that come from elsewhere as a table.
    ///
    /// - Throws: `CLIPError` as for a file.
    package init(stream: TableStream, options: Options, locations: ImageLocations) throws {
        path = stream.name
        self.locations = locations
        shards = [try TableShard.open(stream, options: options)]
        columns = shards.columns
    }

    /// The column with paths, URIs or bytes.
    package var imageColumn: String? { shards.first?.layout.image.name }
    /// The column with ids, or `nil` if there is none.
    package var idColumn: String? { shards.first?.layout.id?.name }

    /// A delimiter as written on the command line, where `\t` and `tab` are a tab; `nil` if it is not one character.
    package static func delimiter(named name: String?) -> Character? {
        if name == "\\t" || name == "tab" { return "\t" }
        return name?.count == 1 ? name?.first : nil
    }

    /// The files that a name stands for, if these are tables: a file, a folder with tables and without images, or a
    /// glob pattern.
    ///
    /// - Throws: `CLIPError` with code `notFound`, `unreadable` or `unsupportedFormat`.
    package static func files(named name: String, include: [String], exclude: [String]) throws -> [String]? {
        try TableFiles.named(name, include: include, exclude: exclude)
    }

    /// Whether a file has the extension `.csv`, `.tsv` or `.parquet`, or is a Parquet file.
    package static func isTable(_ path: String) -> Bool {
        TableFile.isTable(path)
    }

    /// What a user may not expect: which column was taken, and which are left out or renamed.
    package var notes: [String] { shards.notes(path) }

    /// What a user may not expect once all rows were read: which values are not stored.
    package var notesAfterReading: [String] { [oversized.note(path)].compactMap(\.self) }

    /// Starts at the first row.
    ///
    /// - Throws: `CLIPError` if the table cannot be read.
    public func makeIterator() throws -> any ImageIterator {
        oversized.removeAll()
        return try TableIterator(self)
    }

    /// Number of images; `nil` for lists in rows that come from a database.
    ///
    /// Reads a CSV file to the end.
    ///
    /// - Throws: `CLIPError` if the table cannot be read.
    public func count() async throws -> Int? {
        var count = 0
        for shard in shards {
            guard let images = try shard.file.imageCount(shard.layout.image) else { return nil }
            count += images
        }
        return count
    }

    /// A sentence about rows that span several lines, which a user who counts lines would miss.
    ///
    /// Reads CSV files to the end.
    ///
    /// - Throws: `CLIPError` if a table cannot be read.
    package func noteOnLines() throws -> String? {
        let count = try shards.reduce(0) { try $0 + $1.file.quotedLineCount() }
        guard count > 0 else { return nil }
        return "\(path) has \(count) more lines than rows, because quoted values contain newlines. If its quotes are "
            + "plain characters, use --quoting none."
    }
}
