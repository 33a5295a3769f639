internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore

/// Checks a command's outputs before it starts: they must be writable, no two may be the same file, and none may replace
/// an input, a file of a store, or a file that the tool did not write.
struct OutputCheck {
    private struct Place {
        let name: String
        /// The path without links.
        let path: String

        /// `nil` if not even the first folder of the path exists.
        init?(_ name: String) {
            self.name = name
            guard let path = Self.path(of: name) else { return nil }
            self.path = path
        }

        /// The resolved path of the part that exists, followed by the names of the rest.
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

        /// The folder, if the name is one of a store's files.
        var store: String? {
            let (folder, name) = PendingFile.parts(of: path)
            return ParquetStore.isFileName(String(name)) ? String(folder.dropLast()) : nil
        }

        var isBundle: Bool { (try? PathKind("\(path)/model.json")) != nil }
    }

    private let outputs: [(output: Output, path: String)]
    private let inputs: [Place]
    private let replacesAny: Bool

    /// Prepares the check.
    ///
    /// - Parameters:
    ///   - outputs: The outputs of the command.
    ///   - inputs: The files and folders that it reads.
    ///   - replacesAny: Whether an output may replace a file that the tool did not write.
    init(outputs: [Output], inputs: [String?], replacesAny: Bool = false) {
        self.replacesAny = replacesAny
        self.outputs = outputs.compactMap { output in output.path.map { (output, $0) } }
        self.inputs = inputs.compactMap(\.self).compactMap(Place.init)
    }

    /// - Throws: `ValidationError` that names an output and what it would overwrite, `CLIPError` with code `storage` when one
    ///   cannot be written.
    func run() throws {
        var written = [(option: String, place: Place)]()
        for (output, path) in outputs {
            guard !path.isEmpty else { throw ValidationError("\(output.option) is empty. Name a file or folder.") }
            try requireFormat(output, path)
            guard let place = Place(path) else { continue }
            try requireApart(output, place)
            if let other = written.first(where: { $0.place.path == place.path }) {
                throw ValidationError(
                    "\(other.option) and \(output.option) name the same file, '\(path)'. Choose different files."
                )
            }
            try requireOwn(output, place)
            written.append((output.option, place))
        }
        for (output, path) in outputs {
            switch output.kind {
            case .file, .csv, .categories: try PendingFile(path: path).discard()
            case .newFolder, .store: try PendingFile.requireWritable(folder: path)
            }
        }
    }

    private func requireFormat(_ output: Output, _ path: String) throws {
        guard case .csv = output.kind, let format = ResultFormat(path: path), format != .csv else { return }
        throw ValidationError("\(output.option) writes CSV: choose a .csv file, not '\(path)'.")
    }

    private func requireApart(_ output: Output, _ place: Place) throws {
        switch output.kind {
        case .file, .csv, .categories:
            let advice = "which is an input. Choose another file."
            if let input = inputs.first(where: { $0.path == place.path || $0.path == place.store }) {
                throw ValidationError("\(output.option) would overwrite '\(input.name)', \(advice)")
            }
            if let bundle = inputs.first(where: { $0.isBundle && place.isInside($0) }) {
                throw ValidationError("\(output.option) would write into the model '\(bundle.name)', \(advice)")
            }
            if let store = place.store, ParquetStore.isStore(store) {
                throw ValidationError(
                    "\(output.option) would write into the store '\(store)': '\(place.name)' is a file name of stores. "
                        + "Choose another file."
                )
            }
        case .newFolder:
            if let input = inputs.first(where: { $0.path == place.path || place.isInside($0) }) {
                throw ValidationError(
                    "\(output.option) would write into '\(input.name)', which is an input. Choose another folder."
                )
            }
        case .store:
            if let input = inputs.first(where: { $0.store == place.path }) {
                throw ValidationError(
                    "\(output.option) would overwrite '\(input.name)', which is an input. Choose another folder."
                )
            }
        }
    }

    private func requireOwn(_ output: Output, _ place: Place) throws {
        guard !replacesAny, let file = OwnFile(path: place.path) else { return }
        switch output.kind {
        case .newFolder, .store: return
        case .categories(let read) where Place(read)?.path == place.path || file.isCalibrated: return
        case .file where file.isResult, .csv where file.isResult: return
        case .file, .csv, .categories:
            var reason = "which clip-cli may not have written"
            if file.isLabels { reason = "which may contain labels" }
            if file.isOfStore { reason = "which is a file of a store, not of results" }
            throw ValidationError(
                "\(output.option) would replace '\(place.name)', \(reason). Choose another file, or replace it with --force."
            )
        }
    }
}
