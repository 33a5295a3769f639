#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Where an image is, for links from a page to it.
package enum ImageLocation: Sendable, Hashable {
    /// A file on this machine: the bytes of its absolute path.
    case file([UInt8])
    /// A URL.
    case url(String)

    /// A link from a page in a folder, which is relative for files: it still works when both are moved together.
    func link(from folder: String) -> String {
        switch self {
        case .url(let url): return url
        case .file(let path):
            let absolute = folder.hasPrefix("/") ? folder : "\(FileManager.default.currentDirectoryPath)/\(folder)"
            let (from, to) = (Self.components(Array(absolute.utf8)), Self.components(path))
            let shared = zip(from, to).prefix { $0 == $1 }.count
            let up = [String](repeating: "..", count: from.count - shared)
            return (up + to[shared...].map(Self.percentEncoded)).joined(separator: "/")
        }
    }

    private static func components(_ path: [UInt8]) -> [[UInt8]] {
        path.split(separator: UInt8(ascii: "/")).reduce(into: [[UInt8]]()) { components, component in
            switch Array(component) {
            case Array(".".utf8): break
            case Array("..".utf8): _ = components.popLast()
            case let name: components.append(name)
            }
        }
    }

    /// A path component with all bytes encoded but unreserved characters (RFC 3986).
    private static func percentEncoded(_ component: [UInt8]) -> String {
        component.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}
