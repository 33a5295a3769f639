/// A pattern for names or relative paths of files and folders: `*.png`, `train/**`, `[!_]*.{jpg,jpeg}`.
///
/// ``FolderSource/Options`` describes the syntax.
package struct GlobPattern: Sendable, Hashable, CustomStringConvertible {
    /// The pattern as written.
    package let description: String
    private let alternatives: [[GlobToken]]
    private let isForFoldersOnly: Bool
    /// Whether the pattern says which kind of file it means, by an extension (`*.raw`) or a whole name (`scan`).
    let namesKind: Bool

    /// Parses a pattern.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` or `limitExceeded` if it is malformed or too large.
    package init(_ pattern: String) throws {
        description = pattern
        namesKind = Self.namesKind(pattern)
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

    private static func namesKind(_ pattern: String) -> Bool {
        let name = pattern.split(separator: "/").last ?? ""
        guard name.contains(where: "*?[{".contains) else { return true }
        return name.contains(".") && ![".", "*"].contains(name.last)
    }

    /// Returns whether the pattern matches a path.
    ///
    /// - Parameters:
    ///   - path: The path relative to the source's folder, without a leading or trailing `/`.
    ///   - isFolder: Whether it is the path of a folder.
    /// - Returns: Whether the pattern matches the path.
    package func matches(_ path: String, isFolder: Bool = false) -> Bool {
        matches(Array(path.utf8)[...], isFolder: isFolder)
    }

    /// Returns whether the pattern matches a path that need not be UTF-8.
    func matches(_ path: ArraySlice<UInt8>, isFolder: Bool) -> Bool {
        (isFolder || !isForFoldersOnly) && alternatives.contains { GlobToken.match($0, path) }
    }
}
