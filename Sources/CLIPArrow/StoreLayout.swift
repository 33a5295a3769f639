internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The files of a store's folder.
struct StoreLayout {
    static let idColumn = "id"
    static let embeddingColumn = "embedding"
    private static let partPrefix = "part-"
    private static let partSuffix = ".parquet"
    private static let rejectsName = "rejects.parquet"

    let folder: String

    var rejects: String { "\(folder)/\(Self.rejectsName)" }

    func part(_ number: Int) -> String {
        let digits = String(number)
        let zeros = String(repeating: "0", count: max(0, 5 - digits.count))
        return "\(folder)/\(Self.partPrefix)\(zeros)\(digits)\(Self.partSuffix)"
    }

    /// Paths of the parts, in the order they were written; none when the folder does not exist.
    ///
    /// - Throws: ``CLIPError`` with code `storage` when the folder cannot be read.
    func parts() throws -> [String] {
        try entries { $0.hasPrefix(Self.partPrefix) && $0.hasSuffix(Self.partSuffix) }
    }

    /// Whether the run that wrote the store came to its end: the rejected images are committed last.
    var isComplete: Bool { access(rejects, F_OK) == 0 }

    /// Creates the folder, and those above it.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    func create() throws {
        for end in folder.indices where folder[end] == "/" && end > folder.startIndex {
            mkdir(String(folder[..<end]), 0o777)
        }
        guard mkdir(folder, 0o777) == 0 || errno == EEXIST else { throw failure("Cannot create") }
        guard case .folder = try PathKind(folder) else {
            throw CLIPError(.storage, "Cannot write to the folder \(folder): it is a file.")
        }
    }

    /// Removes what an interrupted run left unfinished.
    ///
    /// Only a run that holds the lock may do so.
    ///
    /// - Throws: ``CLIPError`` with code `storage` when the folder cannot be read.
    func removeLeftovers() throws {
        let prefixes = [".\(Self.partPrefix)", ".\(Self.rejectsName)."]
        let leftovers = try entries { name in name.hasSuffix(".tmp") && prefixes.contains(where: name.hasPrefix) }
        for leftover in leftovers {
            unlink(leftover)
        }
    }

    private func entries(where isWanted: (String) -> Bool) throws -> [String] {
        guard let directory = opendir(folder) else {
            if SystemError.last.isNotFound { return [] }
            throw failure("Cannot read")
        }
        defer { closedir(directory) }
        var names = [String]()
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if isWanted(name) { names.append("\(folder)/\(name)") }
        }
        return names.sorted()
    }

    private func failure(_ task: String) -> CLIPError {
        CLIPError(.storage, "\(task) the folder \(folder): \(SystemError.last).")
    }
}
