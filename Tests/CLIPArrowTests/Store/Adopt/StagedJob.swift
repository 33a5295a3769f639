import CLIPArrow
import CLIPCore
import CLIPDigest
import CLIPTesting

/// What the tasks of a cluster leave: staged files of three attempts, and the list of those that count.
struct StagedJob {
    struct File {
        var name: String
        var bytes: [UInt8]
        var rows: Int
        var sha256: String { SHA256.hexadecimal(of: bytes) }
    }

    static let images = StoreScenario.before
    let folder: TemporaryFolder
    var parts = [File]()
    var rejects = [File]()

    /// Three files of four images each, and one with two failed images.
    init() async throws {
        folder = try TemporaryFolder()
        let tasks = try TemporaryFolder()
        let scenario = StoreScenario(folder: tasks.path)
        let writer = try scenario.writer()
        for image in Self.images { try await writer.append(StoreScenario.block([image])) }
        for id in ["failed-0", "failed-1"] {
            try await writer.recordFailure(FailedImage(id: id, stage: .decode, reason: "damaged", byteCount: 7))
        }
        try await writer.finish(.complete)
        for part in 0..<3 {
            let bytes = try FileBytes.read("\(tasks.path)/part-0000\(part).parquet")
            parts.append(File(name: "attempt-\(part).parquet", bytes: bytes, rows: 4))
        }
        let bytes = try FileBytes.read("\(tasks.path)/rejects.parquet")
        rejects.append(File(name: "attempt-1-rejects.parquet", bytes: bytes, rows: 2))
    }

    /// Writes the staged files, and the list of them.
    func write() throws {
        for file in parts + rejects { try folder.write(file.bytes, to: "_staging/\(file.name)") }
        try writeManifest()
    }

    func writeManifest(format: Int = 1) throws {
        func list(_ files: [File]) -> String {
            files.map { #"{"file": "\#($0.name)", "rows": \#($0.rows), "sha256": "\#($0.sha256)"}"# }
                .joined(separator: ", ")
        }
        let json = #"{"format": \#(format), "parts": [\#(list(parts))], "rejects": [\#(list(rejects))]}"#
        try folder.write(Array(json.utf8), to: "_staging/manifest.json")
    }

    @discardableResult
    func adopt(
        model: ModelDescription = StoreScenario.model,
        options: StoreAdoption.Options = .init(),
        files: StoreFiles = StoreFiles()
    ) throws -> StoreAdoption {
        try StoreAdoption.run(path: folder.path, model: model, options: options, files: files)
    }

    /// Ids and vectors of the store; `nil` if an id is there twice.
    func contents() throws -> [String: [Float]]? {
        try StoreScenario(folder: folder.path).contents()
    }
}
