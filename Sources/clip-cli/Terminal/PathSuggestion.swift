internal import CLIPCore

/// Suggests an existing path for a misspelt one.
enum PathSuggestion {
    /// The error, with a similar name from the same folder if it is about a path among the arguments that does not exist.
    static func added(to error: CLIPError, arguments: some Sequence<String>) -> CLIPError {
        guard error.code == .notFound else { return error }
        let missing = arguments.map(value).filter { path in
            !path.isEmpty && names(path, in: error.message) && (try? PathKind(path)) == nil
        }
        // A word of the message may be a path by chance.
        guard let path = missing.max(by: { $0.count < $1.count }), let similar = similar(to: path) else { return error }
        return error.advising("Did you mean '\(similar)'?")
    }

    /// Whether a message contains a path that is not part of a longer word.
    private static func names(_ path: String, in message: String) -> Bool {
        func isInWord(_ neighbour: Character?) -> Bool { neighbour.map { $0.isLetter || $0.isNumber } ?? false }
        return message.ranges(of: path).contains { range in
            !isInWord(message[..<range.lowerBound].last) && !isInWord(message[range.upperBound...].first)
        }
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
