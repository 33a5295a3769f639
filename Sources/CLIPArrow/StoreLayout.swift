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
        guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
            throw CLIPError(.storage, "Cannot create the folder \(folder): \(SystemError.last).")
        }
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
        do throws(SystemError) {
            let names = try FolderNames.list(Array(folder.utf8)).map { PathText.text($0[...]) }
            return names.filter(isWanted).sorted().map { "\(folder)/\($0)" }
        } catch {
            if error.isNotFound { return [] }
            throw CLIPError(.storage, "Cannot read the folder \(folder): \(error).")
        }
    }
}
