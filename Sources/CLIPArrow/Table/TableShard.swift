internal import CLIPCore
internal import CLIPPipeline

/// One of the tables of a source.
struct TableShard: Sendable {
    let file: TableFile
    let layout: TableLayout
    /// What messages call the file: its name, with as many folders before it as tell it apart from the others.
    let name: String
    /// What ids of images without an id or a location of their own start with.
    let idStart: String

    /// Opens tables, whose columns have the same roles in all of them.
    ///
    /// - Throws: What opening a table and choosing its columns throw.
    static func open(
        _ paths: [String],
        options: TableSource.Options,
        dialect: TableFile.Dialect
    ) throws -> [TableShard] {
        var roles = options
        var shards = [TableShard]()
        for (path, name) in zip(paths, TableFiles.shortNames(paths)) {
            let file = try TableFile(path: path, dialect: dialect)
            let names = Set(file.columns.map(\.name))
            var own = options
            if let image = roles.imageColumn, names.contains(image) { own.imageColumn = image }
            if let id = roles.idColumn, names.contains(id) { own.idColumn = id }
            let layout = try TableLayout(file, options: own)
            roles.imageColumn = roles.imageColumn ?? layout.image.name
            roles.idColumn = roles.idColumn ?? layout.id?.name
            shards.append(TableShard(file: file, layout: layout, name: name, idStart: TableFiles.nameInIDs(path)))
        }
        try requireDistinctIDs(shards)
        return shards
    }

    /// The only table of a source: rows that come from elsewhere.
    ///
    /// - Throws: What reading its columns and choosing among them throw.
    static func open(_ stream: TableStream, options: TableSource.Options) throws -> TableShard {
        let file = try TableFile(stream: stream)
        let layout = try TableLayout(file, options: options)
        // The number of a row is no id: it may be another one next time.
        guard layout.id != nil || layout.holdsLocations else {
            throw TableChoice(file: file).failure(
                "the images are bytes in the column '\(layout.image.name)', and there are no ids. Read a column 'id' too, or "
                    + "name the column with the ids (--id-column)"
            )
        }
        return TableShard(file: file, layout: layout, name: stream.name, idStart: stream.name)
    }

    private static func requireDistinctIDs(_ shards: [TableShard]) throws {
        var files = [String: String]()
        for shard in shards where shard.layout.id == nil && !shard.layout.holdsLocations {
            guard let other = files.updateValue(shard.file.path, forKey: shard.idStart) else { continue }
            throw CLIPError(
                .unsupportedFormat,
                "The images of \(other) and \(shard.file.path) would have the same ids, like '\(shard.idStart)#1'. Name the "
                    + "column with the ids (--id-column), or rename a folder or file."
            )
        }
    }
}

extension [TableShard] {
    /// The columns of all tables; where the kinds of one differ, it holds numbers, or else texts.
    var columns: [SourceColumn] {
        let columns = flatMap(\.layout.carried)
        let known = columns.filter { $0.column.kind != .nothing }.map(\.stored)
        let kinds = Dictionary(grouping: known, by: \.name)
        // A column of missing values fits all others.
        return columns.map(\.stored).joinedByName().map {
            SourceColumn($0.name, kinds[$0.name]?.joinedByName().first?.kind ?? .text)
        }
    }

    /// What is not as one may expect, one sentence each.
    func notes(_ path: String) -> [String] {
        guard let first else { return [] }
        var notes = [String]()
        let layout = first.layout
        if layout.isImageFound { notes.append("\(path): the images are in the column '\(layout.image.name)'.") }
        if let delimiter = first.file.delimiter, delimiter != UInt8(ascii: ","), delimiter != UInt8(ascii: "\t") {
            notes.append("\(path): the values are separated by \(CSVText.name(delimiter)).")
        }
        let changes = [
            ("left out", unique(\.leftOut) { "\($0.name) (\($0.content))" }),
            ("renamed", unique(\.renamed, \.renaming)),
        ].filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.joined(separator: ", "))" }
        let mixed = flatMap(\.layout.carried).filter { $0.column.kind != .nothing }.map(\.stored).noteOnMixedKinds
        if let mixed { notes.append("\(path): \(mixed)") }
        if !changes.isEmpty { notes.append("\(path): columns \(changes.joined(separator: "; ")).") }
        return notes
    }

    private func unique<Column>(
        _ columns: (TableLayout) -> [Column],
        _ text: (Column) -> String
    ) -> [String] {
        var taken = Set<String>()
        return flatMap { columns($0.layout) }.map(text).filter { taken.insert($0).inserted }
    }
}

extension TableLayout {
    /// The columns that are stored under another name than in the file.
    fileprivate var renamed: [CarriedColumn] {
        carried.filter { $0.stored.name != $0.column.nameInFile }
    }
}

extension CarriedColumn {
    fileprivate var renaming: String {
        let name = column.nameInFile.isEmpty ? "a column without a name" : "'\(column.nameInFile)'"
        return "\(name) to '\(stored.name)'"
    }
}
