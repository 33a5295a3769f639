internal import ArgumentParser
internal import CLIPArchive
internal import CLIPArrow
internal import CLIPCore
internal import CLIPPipeline

/// The sources of images.
struct SourceOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Folders, image files, tables (.csv, .tsv, .parquet), archives (tar, also compressed, and zip), and URIs.",
            discussion: """
                A folder of tables without images is read as one table, and so are the tables that match 'data/train-*.parquet'. \
                'shard-{000..123}.tar.gz' stands for several archives. URIs: s3://bucket/folder/ and file:///folder/ for \
                folders; s3://, file://, http:// and https:// for single images and archives.
                """,
            valueName: "source"
        )
    )
    var sources: [String] = []

    @OptionGroup var reading: ReadingOptions

    /// Whether no source is given.
    var isEmpty: Bool { sources.isEmpty && reading.isEmpty }

    /// The sources as a store records them.
    var record: SourceRecord { reading.record(sources: sources) }
}

/// Which images of the sources are read, and how.
struct ReadingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Text file of image paths and URIs, one per line (- for stdin).", valueName: "file"))
    var filesFrom: [String] = []

    @Option(help: ArgumentHelp("Database with images or their paths: \(DatabaseArgument.help).", valueName: "url"))
    var database: String?

    @Option(
        help: ArgumentHelp(
            "The database's images, such as 'SELECT id, path, taken_at FROM photos'; columns as in a table.",
            valueName: "sql"
        )
    )
    var query: String?

    @OptionGroup var driver: DatabaseDriverOption

    @Flag(help: "Read all files in folders and archives, not only those with an image's file extension.")
    var allFiles = false

    @Option(
        help: ArgumentHelp(
            "In folders and archives, read only images that match, or files with the pattern's extension, as in '*.raw'.",
            valueName: "glob"
        )
    )
    var include: [String] = []

    @Option(help: ArgumentHelp("In folders and archives, skip files and subfolders that match.", valueName: "glob"))
    var exclude: [String] = []

    @Option(help: ArgumentHelp("Table column that holds the ids.", valueName: "name"))
    var idColumn: String?

    @Option(help: ArgumentHelp("Table column that holds paths, URIs or encoded images.", valueName: "name"))
    var imageColumn: String?

    @Option(
        help: ArgumentHelp(
            "What separates the values in CSV, such as ';' or '\\t' (default: found in the header).",
            valueName: "character"
        )
    )
    var delimiter: String?

    @Option(
        help: ArgumentHelp(
            "Meaning of quotes in CSV: as in RFC 4180 (standard), only around whole values, or plain characters (none).",
            discussion: "Default: whole-values for tab-separated values, standard for all others."
        )
    )
    var quoting: Quoting?

    @Option(
        help: ArgumentHelp(
            "Ids of images in archives: the path, or the sample's key (the path up to the first dot of the name).",
            discussion: "With the archive's name in front, if requested. Default: key for tar, path for zip."
        )
    )
    var archiveIds: ArchiveIDs?

    @OptionGroup var remote: RemoteOptions

    func validate() throws {
        guard delimiter == nil || TableSource.delimiter(named: delimiter) != nil else {
            throw ValidationError("--delimiter must be one character, or '\\t' for a tab.")
        }
        try checkDatabase()
        do {
            _ = try include.map(GlobPattern.init) + exclude.map(GlobPattern.init)
        } catch let error as CLIPError {
            throw ValidationError(error.message)
        }
    }

    /// Refuses options on reading sources where none is given; those of connections also hold for recorded sources.
    ///
    /// - Parameter advice: How to pass sources.
    /// - Throws: `ValidationError` that names the option.
    func requireNoneWithoutSources(_ advice: String) throws {
        let given: [(name: String, isGiven: Bool)] = [
            ("--all-files", allFiles), ("--include", !include.isEmpty), ("--exclude", !exclude.isEmpty),
            ("--id-column", idColumn != nil), ("--image-column", imageColumn != nil),
            ("--delimiter", delimiter != nil), ("--quoting", quoting != nil), ("--archive-ids", archiveIds != nil),
            ("--s3-endpoint", remote.s3Endpoint != nil), ("--s3-region", remote.s3Region != nil),
            ("--s3-anonymous", remote.s3Anonymous),
        ]
        guard let option = given.first(where: { $0.isGiven })?.name else { return }
        throw ValidationError(
            "\(option) is for sources that you pass, and the images are read as 'embed' read them. \(advice)"
        )
    }

    /// The record of these options and of sources relative to the working directory; keeps no table columns.
    func record(sources: [String]) -> SourceRecord {
        SourceRecord(
            directory: WorkingDirectory.path,
            sources: sources,
            lists: filesFrom,
            database: database,
            query: query,
            databaseDriver: driver.databaseDriver,
            allFiles: allFiles,
            include: include,
            exclude: exclude,
            idColumn: idColumn,
            imageColumn: imageColumn,
            carriedColumns: [],
            delimiter: delimiter,
            quoting: quoting?.rawValue,
            archiveIDs: archiveIds?.rawValue,
            s3Endpoint: remote.s3Endpoint,
            s3Region: remote.s3Region,
            s3Anonymous: remote.s3Anonymous
        )
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
    case path
    case archiveAndPath = "archive-and-path"

    var style: ArchiveSource.IDStyle {
        switch self {
        case .key: .key
        case .archiveAndKey: .archiveAndKey
        case .path: .path
        case .archiveAndPath: .archiveAndPath
        }
    }
}
