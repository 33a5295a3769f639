internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The owner of a store's lock, as recorded in its file `.lock`.
struct LockOwner: Equatable {
    private static let longestText = 1024

    /// The host name, the process id, and a random number that distinguishes runs of one process.
    private let text: String

    /// Identifies a new run of this process.
    static func new() -> LockOwner {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return LockOwner(text: "\(host) \(getpid()) \(UInt64.random(in: .min ... .max))\n")
    }

    private init(text: String) {
        self.text = text
    }

    /// Reads a lock file; `nil` if there is none.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    init?(path: String) throws {
        let file = SystemError.retrying { open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
        guard file >= 0 else {
            let error = SystemError.last
            if error.isNotFound { return nil }
            throw CLIPError(.storage, "Cannot read \(path): \(error).")
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.longestText)
        var count = 0
        while count < bytes.count {
            let size = bytes.withUnsafeMutableBytes { rest in
                SystemError.retrying { read(file, rest.baseAddress.map { $0 + count }, rest.count - count) }
            }
            guard size >= 0 else { throw CLIPError(.storage, "Cannot read \(path): \(SystemError.last).") }
            if size == 0 { break }
            count += size
        }
        text = String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Writes an empty lock file.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func write(to file: Int32, path: String) throws {
        var text = text
        do {
            try text.withUTF8 { try WholeWrite.all(UnsafeRawBufferPointer($0), to: file) }
        } catch {
            throw CLIPError(.storage, "Cannot write \(path): \(error).")
        }
    }

    /// The process, for example `process 4711 on host.example`; `nil` if the file does not name one, as in version 0.1.
    var process: String? {
        let words = text.split(separator: " ")
        return words.count == 3 ? "process \(words[1]) on \(words[0])" : nil
    }
}
