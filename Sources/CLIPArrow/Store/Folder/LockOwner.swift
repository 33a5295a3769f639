internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Who holds a store's lock, as its file `.lock` says.
struct LockOwner: Equatable {
    private static let longestText = 1024

    /// Name of the computer, number of the process, and a number that tells apart what one process does.
    private let text: String

    /// This process, once.
    static func new() -> LockOwner {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return LockOwner(text: "\(host) \(getpid()) \(UInt64.random(in: .min ... .max))\n")
    }

    private init(text: String) {
        self.text = text
    }

    /// Reads a file; `nil` where there is none.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    init?(path: String) throws {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            let error = SystemError.last
            if error.isNotFound { return nil }
            throw CLIPError(.storage, "Cannot read \(path): \(error).")
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.longestText)
        let count = read(file, &bytes, bytes.count)
        guard count >= 0 else { throw CLIPError(.storage, "Cannot read \(path): \(SystemError.last).") }
        text = String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Writes the file, which is empty.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func write(to file: Int32, path: String) throws {
        let bytes = Array(text.utf8)
        guard pwrite(file, bytes, bytes.count, 0) == bytes.count else {
            throw CLIPError(.storage, "Cannot write \(path): \(SystemError.last).")
        }
    }

    /// For example `process 4711 on host.example`; `nil` where the file says nothing of the kind, as those of version 0.1.
    var process: String? {
        let words = text.split(separator: " ")
        return words.count == 3 ? "process \(words[1]) on \(words[0])" : nil
    }
}
