/// A member's path as WebDataset divides it.
struct WebDatasetKey {
    /// The path up to the first dot of the file's name: files of one key belong together.
    let key: [UInt8]
    /// What comes behind that dot, in lower case.
    let suffix: String

    /// Divides a path; `nil` when the file's name has no dot or starts with one, as hidden files' do.
    init?(_ path: [UInt8]) {
        let slash = path.lastIndex(of: UInt8(ascii: "/"))
        let start = slash.map { $0 + 1 } ?? 0
        guard let dot = path[start...].firstIndex(of: UInt8(ascii: ".")), dot > start else { return nil }
        key = Array(path[..<dot])
        suffix = String(decoding: path[(dot + 1)...], as: UTF8.self).lowercased()
    }

    /// Whether the file is named like an image.
    var isImage: Bool {
        suffix.split(separator: ".").last.map { FolderSource.imageExtensions.contains(String($0)) } ?? false
    }
}
