#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The sources that a run was given: enough to find the images again by their ids.
///
/// Names are kept as written, because ids derive from them, together with the folder that relative names start at.
package struct SourceRecord: Sendable, Hashable, Codable {
    /// The working directory of the run, an absolute path.
    package var directory: String
    /// Folders, files, tables, archives and URIs, in order.
    package var sources: [String]
    /// Files with paths and URIs; `-` is standard input.
    package var lists: [String]
    /// The number of sources, lists and databases that are not named, since their names hold secrets; `nil` for none.
    package var unnamed: Int?
    /// Whether files without an image extension were read too.
    package var allFiles: Bool
    /// A database, as on the command line: a URL without a password, or the name of a variable with it.
    package var database: String?
    /// The query for images in the database.
    package var query: String?
    /// The driver for the database, if one was named.
    package var databaseDriver: String?
    /// Patterns of the files that were read.
    package var include: [String]
    /// Patterns of excluded files and folders.
    package var exclude: [String]
    /// The id column of a table.
    package var idColumn: String?
    /// The table column with paths, URIs or bytes.
    package var imageColumn: String?
    /// The columns copied to the store; `nil` for all.
    package var carriedColumns: [String]?
    /// What separates the values of a CSV file; `nil` if found in its header.
    package var delimiter: String?
    /// How quotes in a CSV file were interpreted; `nil` for the default of its delimiter.
    package var quoting: String?
    /// How the ids of images in archives were made.
    package var archiveIDs: String?
    /// The endpoint for `s3://`.
    package var s3Endpoint: String?
    /// The region for `s3://`.
    package var s3Region: String?
    /// Whether `s3://` was accessed without credentials.
    package var s3Anonymous: Bool
    /// In the last record of a store, whether records of earlier runs were dropped; `nil` if a version wrote it that did
    /// not say so.
    package var omitsEarlier: Bool?

    /// Creates a record.
    package init(
        directory: String,
        sources: [String],
        lists: [String] = [],
        database: String? = nil,
        query: String? = nil,
        databaseDriver: String? = nil,
        allFiles: Bool = false,
        include: [String] = [],
        exclude: [String] = [],
        idColumn: String? = nil,
        imageColumn: String? = nil,
        carriedColumns: [String]? = nil,
        delimiter: String? = nil,
        quoting: String? = nil,
        archiveIDs: String? = nil,
        s3Endpoint: String? = nil,
        s3Region: String? = nil,
        s3Anonymous: Bool = false
    ) {
        self.directory = directory
        self.sources = sources
        self.lists = lists
        self.database = database
        self.query = query
        self.databaseDriver = databaseDriver
        self.allFiles = allFiles
        self.include = include
        self.exclude = exclude
        self.idColumn = idColumn
        self.imageColumn = imageColumn
        self.carriedColumns = carriedColumns
        self.delimiter = delimiter
        self.quoting = quoting
        self.archiveIDs = archiveIDs
        self.s3Endpoint = s3Endpoint
        self.s3Region = s3Region
        self.s3Anonymous = s3Anonymous
    }

    /// All sources and lists, in human-readable form.
    package var names: String {
        let lists = lists.map { $0 == "-" ? "a list on standard input" : $0 }
        return (sources + lists + [database.map { "the database \($0)" }].compactMap(\.self)).joined(separator: ", ")
    }

    /// The number of sources, lists and databases: ids of several begin with the source's name.
    package var count: Int { sources.count + lists.count + (database == nil ? 0 : 1) + (unnamed ?? 0) }

    /// The record as it may be stored: signed URLs lose their query, and URIs with a password and databases
    /// with one are only counted.
    package var withoutSecrets: SourceRecord {
        var record = self
        record.sources = sources.compactMap(Self.storable)
        record.lists = lists.compactMap(Self.storable)
        if let database, !DatabaseSecrets(database).passwords.isEmpty {
            (record.database, record.query, record.databaseDriver) = (nil, nil, nil)
        }
        let omitted = count - record.count
        record.unnamed = omitted > 0 ? omitted + (unnamed ?? 0) : unnamed
        record.s3Endpoint = s3Endpoint.flatMap(Self.storable)
        return record
    }

    /// Whether two records are equal byte by byte: Swift takes texts that Unicode composes differently for equal.
    func isSame(as other: SourceRecord) -> Bool {
        var (record, other) = (self, other)
        (record.omitsEarlier, other.omitsEarlier) = (nil, nil)
        return record == other && record.json == other.json
    }

    private var json: Data? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try? encoder.encode(self)
    }

    private static func storable(_ location: String) -> String? {
        guard (try? LocationSecrets.requireNone(in: location)) != nil else { return nil }
        return LocationSecrets.publicText(of: location)
    }
}

extension [SourceRecord] {
    /// The number of records that a store keeps.
    package static var limit: Int { 1000 }
    /// The number of sources and lists that a store keeps, unless its records are few: a run may have thousands.
    private static var nameLimit: Int { 10_000 }
    /// The number of records that the first versions kept without saying that they had dropped others.
    private static var formerLimit: Int { 32 }

    /// Whether records of earlier runs were dropped, or may have been.
    package var mayLackEarlier: Bool { last.map { $0.omitsEarlier ?? (count >= Self.formerLimit) } ?? false }

    /// The records after another run, whose own record is moved or added to the end.
    package func adding(_ record: SourceRecord) -> [SourceRecord] {
        let all = filter { !$0.isSame(as: record) } + [record]
        var kept = all.suffix(Self.limit)
        var names = kept.reduce(0) { $0 + $1.count }
        while names > Self.nameLimit, kept.count > Self.formerLimit { names -= kept.removeFirst().count }
        kept[kept.endIndex - 1].omitsEarlier = mayLackEarlier || kept.count < all.count
        return Array(kept)
    }
}
