/// A pattern for names of files and folders below a folder: `*.png`, `train/**`, `[!_]*.{jpg,jpeg}`.
///
/// ``FolderSource/Options`` describes the syntax.
package struct GlobPattern: Sendable, Hashable, CustomStringConvertible {
    /// The pattern as it was given.
    package let description: String
    private let alternatives: [[GlobToken]]
    private let isForFoldersOnly: Bool

    /// Reads a pattern.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` or `limitExceeded` when it is malformed.
    package init(_ pattern: String) throws {
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
