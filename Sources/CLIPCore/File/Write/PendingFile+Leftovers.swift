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

    /// A unique hidden name next to a file, for example `.results.csv.5f0c6a1e9b27d483.tmp`.
    static func temporaryPath(for target: String) -> String {
        let (prefix, name) = parts(of: target)
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        let padded = String(repeating: "0", count: randomDigits - digits.utf8.count) + digits
        return "\(prefix).\(name).\(padded)\(suffix)"
    }

    /// The final name of a temporary file, or `nil` if the name does not have that form.
    ///
    /// Version 0.1 used the process id instead of random digits.
    package static func finalName(ofTemporary name: String) -> Substring? {
        guard name.hasPrefix("."), name.hasSuffix(suffix) else { return nil }
        let rest = name.dropFirst().dropLast(suffix.count)
        guard let dot = rest.lastIndex(of: "."), dot > rest.startIndex else { return nil }
        let digits = rest[rest.index(after: dot)...].utf8
        let isNumber = !digits.isEmpty && digits.allSatisfy { 0x30...0x39 ~= $0 }
        let isRandom = digits.count == randomDigits && digits.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
        return isNumber || isRandom ? rest[..<dot] : nil
    }

    /// Removes the temporary files that killed runs left in a folder, except those still being written.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - names: The names of its entries.
    ///   - isOwn: Whether a file with this name belongs to the caller.
    package static func removeLeftovers(
        in folder: String,
        names: [String],
        where isOwn: (_ finalName: Substring) -> Bool
    ) {
        for name in names where finalName(ofTemporary: name).map(isOwn) ?? false {
            let path = "\(folder)/\(name)"
            let file = FileLock.descriptor(at: path)
            // A file that cannot be opened is not ours, such as a link, or its lock cannot be checked.
            guard file >= 0 else { continue }
            if FileLock.take(file) { unlink(path) }
            close(file)
        }
    }
}
