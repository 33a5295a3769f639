/// Files of the repository that tests read.
package enum RepositoryFile {
    private static let root = components("\(#filePath)").dropLast(3).joined(separator: "/")

    /// The path of a file, given from the top of the repository.
    package static func path(_ name: String) -> String { "\(root)/\(name)" }

    fileprivate static func components(_ path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }
}

/// Files that lie beside tests.
package enum Fixture {
    /// The path of a file in the folder `Fixtures` of the test target that asks.
    package static func path(_ name: String, of source: String = #filePath) -> String {
        let parts = RepositoryFile.components(source)
        let tests = parts.lastIndex(of: "Tests") ?? parts.startIndex
        return parts[...(tests + 1)].joined(separator: "/") + "/Fixtures/\(name)"
    }
}
