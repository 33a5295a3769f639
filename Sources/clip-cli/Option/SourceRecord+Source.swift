internal import CLIPArrow
internal import CLIPCore
internal import CLIPDatabase
internal import CLIPHTTP
internal import CLIPPipeline

extension SourceRecord {
    /// Combines all sources.
    ///
    /// - Parameters:
    ///   - http: Options for web servers; object stores use the same number of connections.
    ///   - maximumFileBytes: A larger file fails.
    /// - Returns: The images of all sources, in their order.
    /// - Throws: `CLIPError` when one of them does not exist or cannot be opened.
    func source(http: HTTPReader.Options, maximumFileBytes: Int = 1 << 30) throws -> CombinedSource {
        let readers = Readers(self, http: http, maximumFileBytes: maximumFileBytes)
        var named = [any ImageSource]()
        var tables = [(name: String, files: [String])]()
        // Tables that follow each other are one, so that their images have different ids.
        func addTables() throws {
            if !tables.isEmpty { named.append(try table(tables, readers)) }
            tables = []
        }
        for name in sources {
            if let files = try tableFiles(name) {
                tables.append((name, files))
            } else {
                try addTables()
                named.append(try source(name, readers))
            }
        }
        try addTables()
        let listed = try lists.map { list in
            try ListSource(contentsOf: list == "-" ? "/dev/stdin" : list, locations: readers.locations)
        }
        return try CombinedSource(named + listed + queried(readers))
    }

    /// Whether images may come over a network.
    var isRemote: Bool {
        let isLocal = sources.allSatisfy { ImageLocations.scheme(of: $0) == nil && (try? tableFiles($0)) == nil }
        return !isLocal || !lists.isEmpty || database != nil
    }

    /// The error for sources without images.
    var noImages: CLIPError {
        // Folders and archives are walked; tables and lists name each image.
        let isWalked = sources.contains { (try? tableFiles($0)) == nil }
        guard isWalked else { return CLIPError(.notFound, "No images found in \(names): no row or line names one.") }
        var advice = ""
        if !include.isEmpty || !exclude.isEmpty {
            advice =
                " --include and --exclude may leave none: a pattern with '/' must match the whole path, as in '**/a.jpg'."
        } else if !allFiles {
            advice = " Images are recognised by their file extension; --all-files reads all files."
        }
        advice += " Archives in folders and in other archives are not opened."
        return CLIPError(.notFound, "No images found in \(names).\(advice)")
    }

    struct Readers {
        let objects: ObjectStoreReader
        let locations: ImageLocations

        init(_ record: SourceRecord, http: HTTPReader.Options, maximumFileBytes: Int) {
            self.init(
                endpoint: record.s3Endpoint,
                region: record.s3Region,
                isAnonymous: record.s3Anonymous,
                http: http,
                maximumFileBytes: maximumFileBytes
            )
        }

        init(
            endpoint: String?,
            region: String?,
            isAnonymous: Bool,
            http: HTTPReader.Options,
            maximumFileBytes: Int
        ) {
            objects = ObjectStoreReader(
                options: ObjectStoreReader.Options(
                    endpoint: endpoint,
                    region: region,
                    isAnonymous: isAnonymous,
                    maximumConnections: http.maximumConnections
                )
            )
            locations = ImageLocations(
                readers: [objects, HTTPReader(options: http)],
                maximumFileBytes: maximumFileBytes
            )
        }
    }

    private func queried(_ readers: Readers) throws -> [any ImageSource] {
        guard let database, let query else { return [] }
        let opened = try DatabaseArgument.database(database, driver: databaseDriver)
        return [try opened.table(query: query, options: tableOptions, locations: readers.locations)]
    }

    private func source(_ name: String, _ readers: Readers) throws -> any ImageSource {
        try Self.requireNoList(name)
        if Self.isArchive(name) { return try archives(name, readers) }
        if let scheme = ImageLocations.scheme(of: name) {
            try Self.requireNoTable(name)
            guard readers.objects.schemes.contains(scheme), !FileFilter.isNamedLikeImage(Array(name.utf8)[...]) else {
                return ListSource(paths: [name], locations: readers.locations)
            }
            return try ObjectStoreSource(
                uri: name,
                reader: readers.objects,
                options: folderOptions(name, readers)
            )
        }
        switch try PathKind(name) {
        case .folder: return FolderSource(path: name, options: folderOptions(name, readers))
        case .file: return ListSource(paths: [name], locations: readers.locations)
        }
    }

    private static func requireNoList(_ name: String) throws {
        guard (try? PathKind(name)) != .folder else { return }
        let ending = name.lowercased()
        if [".txt", ".list", ".lst"].contains(where: ending.hasSuffix) {
            throw CLIPError(
                .unsupportedFormat,
                "\(name) is a text file, not an image. If it lists images, one per line, pass it with --files-from."
            )
        }
    }

    private static func requireNoTable(_ uri: String) throws {
        let location = String(decoding: uri.utf8.prefix { !"?#".utf8.contains($0) }, as: UTF8.self)
        guard !location.hasSuffix("/"), TableSource.isTable(location) else { return }
        try LocationSecrets.requireNone(in: uri)
        throw CLIPError(
            .unsupportedFormat,
            "Cannot read \(LocationSecrets.publicText(of: uri)): tables must be local files. "
                + "Download it and pass its path."
        )
    }

    func folderOptions(_ name: String, _ readers: Readers) -> FolderSource.Options {
        FolderSource.Options(
            includesAllFiles: allFiles,
            include: include,
            exclude: exclude,
            maximumFileBytes: readers.locations.maximumFileBytes,
            idPrefix: idPrefix(name)
        )
    }

    /// The files of a source that is a table, a folder of tables or a pattern; `nil` for other sources.
    func tableFiles(_ name: String) throws -> [String]? {
        guard ImageLocations.scheme(of: name) == nil, !Self.isArchive(name) else { return nil }
        try Self.requireNoList(name)
        if allFiles, (try? PathKind(name)) == .folder { return nil }
        return try TableSource.files(named: name, include: include, exclude: exclude)
    }

    private func table(_ tables: [(name: String, files: [String])], _ readers: Readers) throws -> TableSource {
        try TableSource(
            files: tables.flatMap(\.files),
            path: tables.map(\.name).joined(separator: ", "),
            options: tableOptions,
            locations: readers.locations
        )
    }

    private var tableOptions: TableSource.Options {
        TableSource.Options(
            imageColumn: imageColumn,
            idColumn: idColumn,
            carriedColumns: carriedColumns,
            delimiter: TableSource.delimiter(named: delimiter),
            quoting: quoting.flatMap(TableQuoting.init(rawValue:))
        )
    }

    /// With several sources, ids start with the folder, so that images with the same name in two folders have different ids.
    func idPrefix(_ folder: String) -> String {
        guard count > 1 else { return "" }
        return folder.hasSuffix("/") ? folder : folder + "/"
    }
}
