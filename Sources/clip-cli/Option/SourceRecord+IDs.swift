internal import CLIPCore
internal import CLIPPipeline

extension SourceRecord {
    /// Refuses to embed folders whose images a store already has under other ids.
    ///
    /// Ids are relative to a folder that is the only source, and start with the folder's name otherwise.
    ///
    /// - Parameters:
    ///   - earlier: The records of earlier runs.
    ///   - store: The store's name in the error message.
    /// - Throws: `CLIPError` with code `storage` that says what to do.
    func requireSameIDs(as earlier: [SourceRecord], store: String) throws {
        let known = earlier.map(\.prefixes)
        for (folder, prefix) in prefixes {
            let forms = known.compactMap { $0[folder] }
            guard let form = forms.last, !forms.contains(prefix) else { continue }
            throw CLIPError(
                .storage,
                "\(store) already has the images of \(folder) under ids \(Self.example(form)); with these sources the ids would "
                    + "be \(Self.example(prefix)), and every image would be stored twice. Pass the sources as in the earlier "
                    + "run, use another store, or add --allow-new-ids (with --prune to remove the old ids)."
            )
        }
    }

    private static func example(_ prefix: String) -> String { "like '\(prefix)image.jpg'" }

    /// The prefix of the images' ids for each folder, by the folder's path without links.
    private var prefixes: [String: String] {
        var prefixes = [String: String]()
        for source in sources where ImageLocations.scheme(of: source) == nil {
            let path = source.hasPrefix("/") ? source : "\(directory)/\(source)"
            guard (try? PathKind(path)) == .folder, let folder = PathKind.resolved(path) else { continue }
            prefixes[folder] = idPrefix(source)
        }
        return prefixes
    }
}
