/// A pattern for names of files and folders below a folder: `*.png`, `train/**`, `[!_]*.{jpg,jpeg}`.
///
/// - `*` stands for any characters but `/`, `?` for one character but `/`.
/// - `[a-z]` stands for one of these characters, `[!a-z]` for one that is none of these and no `/`.
/// - `**/` stands for any number of folders, none among them; `**` elsewhere for any characters.
/// - `{a,b}` and `{1..9}` stand for each of the alternatives, as in bash.
/// - A backslash takes the meaning from the character after it.
///
/// A pattern without `/` is compared with the name alone, at any depth. One with `/` is compared with the path from the
/// folder that is walked. One that ends with `/` fits folders only. Case matters.
public struct GlobPattern: Sendable, Hashable, CustomStringConvertible {
    /// The pattern as it was given.
    public let description: String
    private let alternatives: [[GlobToken]]
    private let isForFoldersOnly: Bool

    /// Reads a pattern.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` or `limitExceeded` when it is malformed.
    public init(_ pattern: String) throws {
        description = pattern
        var bytes = Array(pattern.utf8)
        isForFoldersOnly = bytes.last == UInt8(ascii: "/")
        if isForFoldersOnly { bytes.removeLast() }
        let isPath = bytes.contains(UInt8(ascii: "/"))
        if bytes.first == UInt8(ascii: "/") { bytes.removeFirst() }
        alternatives = try BracePattern.expand(bytes, keepsBackslashes: true).map { simple in
            var parser = GlobParser(simple, pattern: pattern)
            return (isPath ? [] : GlobToken.folders) + (try parser.tokens())
        }
    }

    /// Whether a path fits.
    ///
    /// - Parameters:
    ///   - path: The path from the folder that is walked, without `/` at its start or end.
    ///   - isFolder: Whether it leads to a folder.
    /// - Returns: Whether the pattern stands for it.
    package func matches(_ path: String, isFolder: Bool = false) -> Bool {
        matches(Array(path.utf8)[...], isFolder: isFolder)
    }

    /// Whether a path that need not be UTF-8 fits.
    func matches(_ path: ArraySlice<UInt8>, isFolder: Bool) -> Bool {
        (isFolder || !isForFoldersOnly) && alternatives.contains { GlobToken.match($0, path) }
    }
}
