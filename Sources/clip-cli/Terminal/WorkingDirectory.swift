internal import CLIPCore
internal import FoundationEssentials

/// The folder that relative paths start from.
enum WorkingDirectory {
    /// Its path.
    static var path: String { FileManager.default.currentDirectoryPath }

    /// Runs `body` in another folder.
    ///
    /// - Throws: `CLIPError` with code `notFound` when it cannot be entered; what `body` throws.
    static func change(to folder: String, during body: () async throws -> Void) async throws {
        let before = path
        guard FileManager.default.changeCurrentDirectoryPath(folder) else {
            throw CLIPError(.notFound, "The folder \(folder) is gone or cannot be entered.")
        }
        defer { _ = FileManager.default.changeCurrentDirectoryPath(before) }
        try await body()
    }
}
