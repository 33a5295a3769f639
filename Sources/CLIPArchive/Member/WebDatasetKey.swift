/// A member's path, split into key and suffix as in WebDataset.
struct WebDatasetKey {
    /// The path up to the first dot of the file name; files with the same key belong together.
    let key: [UInt8]
    /// The text after that dot, in lower case.
    let suffix: String

    /// Splits a path; `nil` if the file name has no dot or starts with one, like a hidden file's.
    init?(_ path: [UInt8]) {
        let slash = path.lastIndex(of: UInt8(ascii: "/"))
        let start = slash.map { $0 + 1 } ?? 0
        guard let dot = path[start...].firstIndex(of: UInt8(ascii: ".")), dot > start else { return nil }
        key = Array(path[..<dot])
        suffix = String(decoding: path[(dot + 1)...], as: UTF8.self).lowercased()
    }
}
