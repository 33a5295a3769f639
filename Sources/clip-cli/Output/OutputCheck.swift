internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore

/// Keeps what a command writes away from what it reads, from stores and from each other, and makes sure that it can be
/// written: a command that cannot write one of its files writes none.
struct OutputCheck {
    private struct Place {
        let name: String
        /// The path without links.
        let path: String

        /// `nil` where not even the first folder of the path is there.
        init?(_ name: String) {
            self.name = name
            guard let path = Self.path(of: name) else { return nil }
            self.path = path
        }

        /// The path of what is there, followed by the names of what is not.
        private static func path(of name: String) -> String? {
            if let path = PathKind.resolved(name) { return path }
            let end = name.utf8.lastIndex { $0 != UInt8(ascii: "/") }
            let plain = end.map { String(name[...$0]) } ?? ""
            guard !plain.isEmpty, plain != "." else { return nil }
            return path(of: PendingFile.folder(of: plain)).map { folder in
                (folder == "/" ? "" : folder) + "/\(PendingFile.parts(of: plain).name)"
            }
        }

        func isInside(_ folder: Place) -> Bool { path.hasPrefix(folder.path + "/") }

        /// The folder whose store this is a file of, by its name.
        var store: String? {
            let (folder, name) = PendingFile.parts(of: path)
            return ParquetStore.isFileName(String(name)) ? String(folder.dropLast()) : nil
        }

        var isBundle: Bool { (try? PathKind("\(path)/model.json")) != nil }
    }

    private let outputs: [(output: Output, path: String)]
    private let inputs: [Place]

    init(outputs: [Output], inputs: [String?]) {
        self.outputs = outputs.compactMap { output in output.path.map { (output, $0) } }
        self.inputs = inputs.compactMap(\.self).compactMap(Place.init)
    }

    /// - Throws: `ValidationError` that names an output and what it would write over, `CLIPError` with code `storage` when one
    ///   cannot be written.
    func run() throws {
        var written = [(option: String, place: Place)]()
        for (output, path) in outputs {
            try requireFormat(output, path)
            guard let place = Place(path) else { continue }
            try requireApart(output, place)
            if let other = written.first(where: { $0.place.path == place.path }) {
                throw ValidationError("\(other.option) and \(output.option) name the same file, '\(path)'. Name two.")
            }
            written.append((output.option, place))
        }
        for (output, path) in outputs {
            switch output.kind {
            case .file, .csv: try PendingFile(path: path).discard()
            case .newFolder, .store: try PendingFile.requireWritable(folder: path)
            }
        }
    }

    private func requireFormat(_ output: Output, _ path: String) throws {
        guard output.kind == .csv, let format = ResultFormat(path: path), format != .csv else { return }
        throw ValidationError("\(output.option) is written as CSV: name a .csv file, not '\(path)'.")
    }

    private func requireApart(_ output: Output, _ place: Place) throws {
        let advice = "which is read. Name another \(output.kind == .file || output.kind == .csv ? "file" : "folder")."
        switch output.kind {
        case .file, .csv:
            if let input = inputs.first(where: { $0.path == place.path || $0.path == place.store }) {
                throw ValidationError("\(output.option) would write over '\(input.name)', \(advice)")
            }
            if let bundle = inputs.first(where: { $0.isBundle && place.isInside($0) }) {
                throw ValidationError("\(output.option) would write into the model '\(bundle.name)', \(advice)")
            }
            if let store = place.store, ParquetStore.isStore(store) {
                throw ValidationError(
                    "\(output.option) would write into the store '\(store)': '\(place.name)' is named like a file of it. "
                        + "Name another file."
                )
            }
        case .newFolder:
            if let input = inputs.first(where: { $0.path == place.path || place.isInside($0) }) {
                throw ValidationError("\(output.option) would write into '\(input.name)', \(advice)")
            }
        case .store:
            if let input = inputs.first(where: { $0.store == place.path }) {
                throw ValidationError("\(output.option) would write over '\(input.name)', \(advice)")
            }
        }
    }
}
