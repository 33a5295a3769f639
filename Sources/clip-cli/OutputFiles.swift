internal import ArgumentParser

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Keeps what a command writes away from what it reads.
enum OutputFiles {
    /// Refuses an output that is an input, a file of a store that is one, or another output.
    ///
    /// - Parameters:
    ///   - outputs: Options and the files they name, where they are given.
    ///   - inputs: Files and folders that are read, where they are given.
    /// - Throws: `ValidationError` that names both.
    static func require(_ outputs: KeyValuePairs<String, String?>, apartFrom inputs: [String?]) throws {
        let read = inputs.compactMap { input in input.flatMap { place(of: $0) }.map { (path: input ?? "", place: $0) } }
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
        guard place.hasPrefix(folder + "/") else { return false }
        let name = place.dropFirst(folder.utf8.count + 1)
        return name == "rejects.parquet" || name.hasPrefix("part-") && name.hasSuffix(".parquet")
    }

    /// Refuses the name of another format for a file that is written as CSV.
    static func requireCSV(_ outputs: KeyValuePairs<String, String?>) throws {
        for (option, path) in outputs {
            guard let path, let format = ResultFormat(path: path), format != .csv else { continue }
            throw ValidationError("\(option) is written as CSV: name a .csv file, not '\(path)'.")
        }
    }

    /// The path without links, of a file that may not be there yet; `nil` for devices and for what has no place.
    private static func place(of path: String) -> String? {
        var status = stat()
        if stat(path, &status) == 0 {
            let kind = status.st_mode & S_IFMT
            return kind == S_IFREG || kind == S_IFDIR ? resolved(path) : nil
        }
        let end = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let folder = path[..<end]
        return resolved(folder.isEmpty ? "." : String(folder)).map { "\($0)/\(path[end...])" }
    }

    private static func resolved(_ path: String) -> String? {
        guard let place = realpath(path, nil) else { return nil }
        defer { free(place) }
        return String(cString: place)
    }
}
