internal import CLIPCore

/// Suggests an existing path for a misspelt one.
enum PathSuggestion {
    /// The error, with a similar name from the same folder if it is about a path among the arguments that does not exist.
    static func added(to error: CLIPError, arguments: some Sequence<String>) -> CLIPError {
        guard error.code == .notFound else { return error }
        let missing = arguments.map(value).filter { path in
            !path.isEmpty && error.message.contains(path) && (try? PathKind(path)) == nil
        }
        // A short word may be part of the message by chance.
        guard let path = missing.max(by: { $0.count < $1.count }), let similar = similar(to: path) else { return error }
        return error.advising("Did you mean '\(similar)'?")
    }

    /// The value in `--option=value`, or the word itself.
    private static func value(_ argument: String) -> String {
        guard argument.hasPrefix("-"), let sign = argument.firstIndex(of: "=") else { return argument }
        return String(argument[argument.index(after: sign)...])
    }

    private static func similar(to path: String) -> String? {
        let end = path.lastIndex { $0 != "/" } ?? path.startIndex
        let (folder, name) = PendingFile.parts(of: String(path[...end]))
        let names = (try? FolderNames.list(Array((folder.isEmpty ? "." : folder).utf8)))?.map { PathText.text($0[...]) }
        return Spelling.nearest(to: String(name), among: (names ?? []).sorted()).map { folder + $0 }
    }
}
