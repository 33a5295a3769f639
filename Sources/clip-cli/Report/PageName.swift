internal import ArgumentParser

/// The names of pages that commands write.
enum PageName {
    /// - Throws: `ValidationError` if a file has no name of a page.
    static func check(_ path: String, option: String) throws {
        guard [".html", ".htm"].contains(where: path.lowercased().hasSuffix) else {
            throw ValidationError("\(option) must end in .html or .htm, not '\(path)'.")
        }
    }
}
