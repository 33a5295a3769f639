internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore

/// Keeps what a command writes away from what it reads.
enum OutputFiles {
    /// Refuses an output that is an input, a file of a store that is one, or another output.
    ///
    /// - Parameters:
    ///   - outputs: Options and the files they name, where they are given.
    ///   - inputs: Files and folders that are read, where they are given.
    /// - Throws: `ValidationError` that names both.
    static func require(_ outputs: KeyValuePairs<String, String?>, apartFrom inputs: [String?]) throws {
        let read = inputs.compactMap(\.self).compactMap { path in place(of: path).map { (path: path, place: $0) } }
        var written = [(option: String, place: String)]()
        for (option, path) in outputs {
            guard let path, let place = place(of: path) else { continue }
            if let input = read.first(where: { place == $0.place || isStored(place, in: $0.place) }) {
                throw ValidationError("\(option) would write over '\(input.path)', which is read. Name another file.")
            }
            if let other = written.first(where: { $0.place == place }) {
                throw ValidationError("\(other.option) and \(option) name the same file, '\(path)'. Name two.")
            }
            written.append((option, place))
        }
    }

    /// Whether a place is that of a file that a store of embeddings has.
    private static func isStored(_ place: String, in folder: String) -> Bool {
        place.hasPrefix(folder + "/") && ParquetEmbeddings.isFileName(String(place.dropFirst(folder.count + 1)))
    }

    /// Refuses the name of another format for a file that is written as CSV.
    static func requireCSV(_ outputs: KeyValuePairs<String, String?>) throws {
        for (option, path) in outputs {
            guard let path, let format = ResultFormat(path: path), format != .csv else { continue }
            throw ValidationError("\(option) is written as CSV: name a .csv file, not '\(path)'.")
        }
    }

    /// The path without links, of a file that may not be there yet; `nil` in a folder that is not there.
    private static func place(of path: String) -> String? {
        if let place = PathKind.resolved(path) { return place }
        return PathKind.resolved(PendingFile.folder(of: path)).map { "\($0)/\(PendingFile.parts(of: path).name)" }
    }
}
