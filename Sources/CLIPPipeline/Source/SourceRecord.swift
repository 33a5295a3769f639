/// What a run was told about where its images are: enough to find them again by their ids.
///
/// Names are kept as they were given, because ids are made of them, together with the folder that relative ones start at.
package struct SourceRecord: Sendable, Hashable, Codable {
    /// The working directory of the run, an absolute path.
    package var directory: String
    /// Folders, files, tables, archives and URIs, in their order.
    package var sources: [String]
    /// Files that list paths and URIs; `-` is standard input.
    package var lists: [String]
    /// Whether files that are not named like images were read too.
    package var allFiles: Bool
    /// Patterns of the files that were read.
    package var include: [String]
    /// Patterns of what was left out.
    package var exclude: [String]
    /// Column of a table with the ids.
    package var idColumn: String?
    /// Column of a table with paths, URIs or bytes.
    package var imageColumn: String?
    /// Columns that were carried to the store; `nil` for all.
    package var carriedColumns: [String]?
    /// What quotes meant in a CSV file; `nil` for what fits its delimiter.
    package var quoting: String?
    /// How the ids of images in archives were made.
    package var archiveIDs: String?
    /// Endpoint of `s3://`.
    package var s3Endpoint: String?
    /// Region of `s3://`.
    package var s3Region: String?
    /// Whether `s3://` was read without credentials.
    package var s3Anonymous: Bool

    /// Creates a record.
    package init(
        directory: String,
        sources: [String],
        lists: [String] = [],
        allFiles: Bool = false,
        include: [String] = [],
        exclude: [String] = [],
        idColumn: String? = nil,
        imageColumn: String? = nil,
        carriedColumns: [String]? = nil,
        quoting: String? = nil,
        archiveIDs: String? = nil,
        s3Endpoint: String? = nil,
        s3Region: String? = nil,
        s3Anonymous: Bool = false
    ) {
        self.directory = directory
        self.sources = sources
        self.lists = lists
        self.allFiles = allFiles
        self.include = include
        self.exclude = exclude
        self.idColumn = idColumn
        self.imageColumn = imageColumn
        self.carriedColumns = carriedColumns
        self.quoting = quoting
        self.archiveIDs = archiveIDs
        self.s3Endpoint = s3Endpoint
        self.s3Region = s3Region
        self.s3Anonymous = s3Anonymous
    }

    /// All that was named, for a person.
    package var names: String {
        (sources + lists.map { $0 == "-" ? "a list on standard input" : $0 }).joined(separator: ", ")
    }

    /// The record as it may be stored: signed URLs lose their query, and addresses with a password are left out.
    package var withoutSecrets: SourceRecord {
        var record = self
        record.sources = sources.compactMap(Self.storable)
        record.lists = lists.compactMap(Self.storable)
        record.s3Endpoint = s3Endpoint.flatMap(Self.storable)
        return record
    }

    private static func storable(_ location: String) -> String? {
        guard (try? LocationSecrets.requireNone(in: location)) != nil else { return nil }
        return LocationSecrets.publicText(of: location)
    }
}

extension [SourceRecord] {
    /// How many records a store keeps.
    private static let limit = 32

    /// The records after another run: its own is the last, and is there once.
    package func adding(_ record: SourceRecord) -> [SourceRecord] {
        Array((filter { $0 != record } + [record]).suffix(Self.limit))
    }
}
