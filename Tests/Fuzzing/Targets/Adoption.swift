internal import CLIPArrow
internal import CLIPCore
internal import CLIPDigest
internal import CLIPTesting

/// The list of what the tasks of a cluster wrote, beside a part and a file of failed images.
let adoptionTargets = [
    FuzzTarget(
        "adoption",
        of: ["CLIPArrow/Store/Adopt/AdoptionManifest.swift"],
        within: .init(mebibytes: 32, perByte: 512)
    ) { input in
        wait {
            let staged = try await staged.value
            let folder = try TemporaryFolder(in: "/dev/shm")
            for file in staged { try folder.write(file.bytes, to: "_staging/\(file.name)") }
            // No mutation guesses a hash.
            let list = staged.reduce(input) { bytes, file in
                bytes.replacing("{sha256:\(file.name)}".utf8, with: file.hash.utf8)
            }
            try folder.write(list, to: "_staging/manifest.json")
            let adopted: StoreAdoption
            do {
                adopted = try StoreAdoption.run(path: folder.path, model: model)
            } catch {
                precondition(folder.names() == ["_staging"], "a refused adoption changed the store")
                throw error
            }
            let store = try ParquetStore(path: folder.path)
            precondition(adopted.rowCount == store.count, "images are missing")
            let again = try? StoreAdoption.run(path: folder.path, model: model)
            precondition(again == nil, "what was adopted is adopted again")
        }
    }
]

private let model = ModelDescription.stub(dimension: 4)

/// What a task wrote: three vectors and a failed image.
private let staged = Task {
    let folder = try TemporaryFolder(in: "/dev/shm")
    let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model))
    let vectors = EmbeddingMatrix(rows: [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]])
    let origins = (1...3).map { ImageOrigin(version: "\($0)") }
    try await writer.append(EmbeddingBlock(ids: ["a", "b", "c"], embeddings: vectors, origins: origins))
    try await writer.recordFailure(FailedImage(id: "d", stage: .decode, reason: "damaged"))
    try await writer.finish(.complete)
    return try ["part-00000.parquet", "rejects.parquet"].map { name in
        let bytes = try FileBytes.read("\(folder.path)/\(name)")
        return (name: name, bytes: bytes, hash: SHA256.hexadecimal(of: bytes))
    }
}
