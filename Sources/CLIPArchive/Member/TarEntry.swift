internal import CLIPCore

/// A file or link in a tar archive.
struct TarEntry: Sendable {
    enum Contents: Sendable {
        case plain, sparse
        /// Those of an earlier file.
        case hardLink(to: [UInt8])
        /// Those of a file whose path is relative to the link's folder.
        case symbolicLink(to: [UInt8])
    }

    let path: [UInt8]
    let contents: Contents
    /// Offset of the header in the archive.
    let headerOffset: Int
    /// Offset of the contents in the archive; of a link, behind its header.
    let offset: Int
    let byteCount: Int
    /// Seconds since 1970, as text from the archive.
    let modified: String

    /// Changes when the file changes.
    var version: String { "\(byteCount)@\(modified)" }

    var isLink: Bool {
        switch contents {
        case .plain, .sparse: false
        case .hardLink, .symbolicLink: true
        }
    }
}
