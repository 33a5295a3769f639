internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport
internal import CLIPTesting
internal import Foundation

/// What a store consists of: parts, and the list of failed images.
///
/// Without schema and identity, which are mostly for writers.
let storeTargets = [
    FuzzTarget(
        "store",
        of: [
            "CLIPArrow/Store/Read/ParquetStore.swift", "CLIPArrow/Store/Folder/StorePart.swift",
            "CLIPArrow/ParquetFile/ParquetFileReader.swift", "CLIPArrow/ParquetFile/VectorColumn.swift",
            "native/libparquet-c/src/metadata.cpp", "native/libparquet-c/src/vector_pages.cpp",
            "native/libparquet-c/src/page_heads.cpp", "native/libparquet-c/src/vectors.cpp",
            "native/libparquet-c/src/bounded_memory.cpp",
        ],
        within: parquetLimits
    ) { input in
        guard let folder = try? parts.get() else { fatalError("the fixture of a store is missing") }
        let part = "part-00001.parquet"
        try folder.write(input, to: part)
        precondition(ParquetStore.isStore(folder.path) && ParquetStore.isFileName(part))
        // As what repairs a store sees it, and its summary; then a part alone, and beside a sound one.
        for file in (try? DamagedFile.all(store: folder.path)) ?? [] { precondition(file.name == part) }
        _ = try? StoreInfo(path: folder.path)
        for path in ["\(folder.path)/\(part)", folder.path] {
            let store = try ParquetStore(path: path, includesOrigins: true)
            try store.forEachBlock(rows: 16) { _ in }
            _ = try store.imageIDs()
            // A neighbour removes the part.
            unlink("\(folder.path)/\(part)")
            _ = try? store.imageIDs()
            try folder.write(input, to: part)
        }
    },
    FuzzTarget(
        "failures",
        of: [
            "CLIPArrow/Store/Folder/FailuresFile.swift", "CLIPArrow/Store/Read/ParquetStore+Failures.swift",
            "CLIPArrow/Store/Folder/FailureSample+Store.swift", "CLIPArrow/Store/Read/StoreInfo.swift",
            "CLIPArrow/Store/Repair/DamagedFile.swift",
        ],
        within: parquetLimits
    ) { input in
        guard let folder = try? failures.get() else { fatalError("the fixture of a store is missing") }
        try folder.write(input, to: "rejects.parquet")
        _ = try? DamagedFile.all(store: folder.path)
        _ = (try? StoreInfo(path: folder.path)).map { ($0.failureCount, $0.failuresByStage) }
        // A store of which all images failed says why.
        if let other = try? withoutParts.get() {
            try other.write(input, to: "rejects.parquet")
            _ = try? ParquetStore(path: other.path)
        }
        _ = try FailureSample(store: folder.path)
        let store = try ParquetStore(path: folder.path)
        try store.forEachBlock(rows: 16) { _ in }
        _ = (try store.failures(), try store.whyAllFailed())
    },
]

/// Folders with a sound part.
private let parts = Result { try folder() }
private let failures = Result { try folder() }

private let withoutParts = Result { try TemporaryFolder(in: "/dev/shm") }

private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder(in: "/dev/shm")
    let name = "part-00000.parquet"
    try folder.write(try FileBytes.read(fixture("CLIPArrowTests/Fixtures/0.1.0/embeddings/\(name)")), to: name)
    return folder
}
