internal import CLIPCore

extension FolderSource {
    /// The files that a glob pattern of paths matches, sorted by folder and name.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable` for the folder in which the pattern starts, or a
    ///   subfolder or link that may lead to more files; `unsupportedFormat` or `limitExceeded` if the pattern is
    ///   malformed or too large.
    package static func files(matching pattern: String) throws -> [String] {
        let components = pattern.split(separator: "/", omittingEmptySubsequences: false)
        let fixed = components.prefix { !$0.contains(where: "*?[{".contains) }
        let rest = components.dropFirst(fixed.count)
        let start = fixed.map { $0 + "/" }.joined()
        let reachesSubfolders = rest.count > 1 || rest.contains { $0.contains("**") }
        let options = Options(
            includesAllFiles: true,
            include: ["/" + rest.joined(separator: "/")],
            exclude: reachesSubfolders ? [] : ["*/"]
        )
        var files = [String]()
        try FolderSource(path: start.isEmpty ? "." : start, options: options).forEachFile { file in
            do {
                files.append(start + (try file.get()))
            } catch {
                throw Self.incomplete(error, "use a pattern that does not reach it")
            }
            return true
        }
        return files
    }

    /// Calls `body` with the path of each file, relative to the folder, until it returns false.
    ///
    /// Instead of a path, `body` gets the error of each part that cannot be read, which may hold more files.
    ///
    /// - Throws: What ``makeIterator()`` and `body` throw.
    package func forEachFile(_ body: (Result<String, any Error>) throws -> Bool) throws {
        var walk = try FolderWalk(self)
        while let find = walk.next() {
            let file: Result<String, any Error> =
                switch find {
                case .file(let path): .success(walk.relative(path))
                case .unreadable(_, let error): .failure(error)
                }
            guard try body(file) else { return }
        }
    }

    /// The error for a part that cannot be read where all files have to be known before the first is read.
    ///
    /// - Parameters:
    ///   - error: Why it cannot be read.
    ///   - remedy: How to do without it.
    /// - Returns: The error with advice.
    package static func incomplete(_ error: any Error, _ remedy: String) -> any Error {
        guard let error = error as? CLIPError else { return error }
        return error.advising("It may lead to more tables or archives. Restore it, remove it, or \(remedy).")
    }
}
