#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension PendingFile {
    private static let suffix = ".tmp"
    private static let randomDigits = 16

    /// A hidden name beside a file that no other writer has, for example `.results.csv.5f0c6a1e9b27d483.tmp`.
    static func temporaryPath(for target: String) -> String {
        let (prefix, name) = parts(of: target)
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        let padded = String(repeating: "0", count: randomDigits - digits.utf8.count) + digits
        return "\(prefix).\(name).\(padded)\(suffix)"
    }

    /// The name that a hidden file was to take, or `nil` when a file is not named like one.
    ///
    /// Version 0.1 put the number of the process where random digits are now.
    package static func finalName(ofTemporary name: String) -> Substring? {
        guard name.hasPrefix("."), name.hasSuffix(suffix) else { return nil }
        let rest = name.dropFirst().dropLast(suffix.count)
        guard let dot = rest.lastIndex(of: "."), dot > rest.startIndex else { return nil }
        let digits = rest[rest.index(after: dot)...].utf8
        let isNumber = !digits.isEmpty && digits.allSatisfy { 0x30...0x39 ~= $0 }
        let isRandom = digits.count == randomDigits && digits.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
        return isNumber || isRandom ? rest[..<dot] : nil
    }

    /// Removes the hidden files that killed runs left in a folder, and none that somebody still writes.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - names: The names in it.
    ///   - isOwn: Whether files of this name are the caller's.
    package static func removeLeftovers(
        in folder: String,
        names: [String],
        where isOwn: (_ finalName: Substring) -> Bool
    ) {
        for name in names where finalName(ofTemporary: name).map(isOwn) ?? false {
            let path = "\(folder)/\(name)"
            let file = FileLock.descriptor(at: path)
            // What cannot be opened is no file of ours, such as a link, or nobody can be asked whether it is written.
            guard file >= 0 else { continue }
            if FileLock.take(file) { unlink(path) }
            close(file)
        }
    }
}
