internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPHTTP
internal import CLIPPipeline

/// Where the images are.
struct SourceOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Folders, image files, tables (.csv, .tsv, .parquet), archives (.tar, also 'shard-{000..123}.tar'), and URIs.",
            discussion: """
                URIs are s3://bucket/folder/, file:///folder/, and single images at s3://, http:// and https://.
                """,
            valueName: "source"
        )
    )
    var sources: [String] = []

    @OptionGroup var reading: ReadingOptions

    /// Whether nothing is named.
    var isEmpty: Bool { sources.isEmpty && reading.list.isEmpty }

    /// Where the images are, as it can be told later.
    var record: SourceRecord { reading.record(sources: sources) }
}

/// How images are found in sources, and which.
struct ReadingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Read paths and URIs from a text file, one a line; - is stdin.", valueName: "file"))
    var list: [String] = []

    @Flag(help: "Read all files of a folder, not only those named like images.")
    var allFiles = false

    @Option(help: ArgumentHelp("Of folders, take files that match, such as '*.jpg' or 'cats/**'.", valueName: "glob"))
    var include: [String] = []

    @Option(help: ArgumentHelp("Of folders, leave out the files and folders that match.", valueName: "glob"))
    var exclude: [String] = []

    @Option(help: ArgumentHelp("Column of a table with the ids.", valueName: "name"))
    var idColumn: String?

    @Option(help: ArgumentHelp("Column of a table with paths, URIs or the images' bytes.", valueName: "name"))
    var imageColumn: String?

    @Option(help: ArgumentHelp("Columns of a table to carry to the store; all unless given.", valueName: "a,b,c"))
    var carry: String?

    @Option(
        help: ArgumentHelp(
            "Quotes in a CSV file: they wrap what may hold delimiters and newlines, or whole values, or are text.",
            discussion: "By default whole-values in .tsv, and standard in all others."
        )
    )
    var quoting: Quoting?

    @Option(help: "Ids of images in archives: their key, or the archive's name and the key.")
    var archiveIds = ArchiveIDs.key

    @Option(help: ArgumentHelp("Endpoint of s3:// if not Amazon's, such as http://127.0.0.1:9000.", valueName: "url"))
    var s3Endpoint: String?

    @Option(help: ArgumentHelp("Region of s3:// buckets; found out unless given.", valueName: "name"))
    var s3Region: String?

    @Flag(help: "Read public s3:// buckets without credentials.")
    var s3Anonymous = false

    @Option(help: "Files that are read from s3://, http:// and https:// at a time.")
    var connections = HTTPReader.Options().maximumConnections

    @Option(
        help: ArgumentHelp(
            "Whether http:// and https:// servers in private networks and on this machine are read.",
            discussion: """
                listed: where an address itself leads there; redirects from outside are not followed there. always: \
                those too. never: for lists by strangers.
                """
        )
    )
    var privateNetworks = PrivateNetworks.listed

    /// How the web is read.
    var http: HTTPReader.Options {
        HTTPReader.Options(maximumConnections: connections, privateNetworks: privateNetworks.value)
    }

    func validate() throws {
        guard 1...1024 ~= connections else { throw ValidationError("--connections must be from 1 to 1024.") }
        do {
            _ = try include.map(GlobPattern.init) + exclude.map(GlobPattern.init)
        } catch let error as CLIPError {
            throw ValidationError(error.message)
        }
    }

    /// These options together with names of sources, relative to the working directory.
    func record(sources: [String]) -> SourceRecord {
        var record = SourceRecord(directory: WorkingDirectory.path, sources: sources, lists: list)
        record.allFiles = allFiles
        record.include = include
        record.exclude = exclude
        record.idColumn = idColumn
        record.imageColumn = imageColumn
        record.carriedColumns = carry.map { $0.split(separator: ",").map(String.init) }
        record.quoting = quoting?.rawValue
        record.archiveIDs = archiveIds.rawValue
        record.s3Endpoint = s3Endpoint
        record.s3Region = s3Region
        record.s3Anonymous = s3Anonymous
        return record
    }
}

/// The values of `--quoting`: those of `TableQuoting`.
enum Quoting: String, CaseIterable, ExpressibleByArgument {
    case standard
    case wholeValues = "whole-values"
    case none
}

/// The values of `--archive-ids`.
enum ArchiveIDs: String, CaseIterable, ExpressibleByArgument {
    case key
    case archiveAndKey = "archive-and-key"

    var style: TarSource.IDStyle {
        switch self {
        case .key: .key
        case .archiveAndKey: .archiveAndKey
        }
    }
}

/// The values of `--private-networks`.
enum PrivateNetworks: String, CaseIterable, ExpressibleByArgument {
    case listed
    case always
    case never

    var value: HTTPReader.Options.PrivateNetworks {
        switch self {
        case .listed: .listed
        case .always: .always
        case .never: .never
        }
    }
}
