internal import CLIPArrow
internal import CLIPCore
internal import CLIPImage
internal import CLIPPipeline
internal import CLIPReport
internal import CLIPTesting
internal import Foundation

/// Results, folders of clip-retrieval, and what a worker is sent.
let arrowTargets = [
    FuzzTarget(
        "results-parquet",
        of: [
            "CLIPArrow/Result/ParquetResults.swift", "CLIPArrow/Result/RecordBatch+OptionalFloats.swift",
        ],
        within: parquetLimits
    ) { input in
        try withFile(input, ending: ".parquet") { path in
            precondition(ParquetResults.isResultFile(path))
            let results = try ParquetResults(path: path)
            try results.forEachDecision(rows: 16) { _ in }
            let ids = try results.imageIDs()
            precondition(ids.count <= results.count, "more ids than images")
        }
    },
    FuzzTarget("numpy", of: ["CLIPArrow/ClipRetrieval/NumPyMatrix.swift"], within: limits) { input in
        try clipRetrieval("img_emb/img_emb_0.npy", input)
    },
    FuzzTarget(
        "clip-retrieval",
        of: ["CLIPArrow/ClipRetrieval/ClipRetrievalFiles.swift", "CLIPArrow/ClipRetrieval/ClipRetrievalStore.swift"],
        within: parquetLimits
    ) { input in
        try clipRetrieval("metadata/metadata_0.parquet", input)
    },
    FuzzTarget(
        "worker",
        of: [
            "CLIPArrow/Worker", "CLIPArrow/Stream", "CLIPArrow/Store/Folder/Provenance+Metadata.swift",
            "native/libparquet-c/src/ipc_reader.cpp",
            "native/libparquet-c/src/ipc_vectors.cpp",
        ],
        within: limits
    ) { input in
        try withFile(input, ending: ".arrows") { path in
            wait {
                // The same stream as images to embed, to decide on and to search.
                try? await answer(path) { _ = try await worker.run(input: $0, output: $1) }
                let classifier = try await classifier.value
                let schema = ResultSchema(decisionsOf: classifier, parts: ResultPart.decision)
                try? await answer(path) { _ = try await worker.classify(classifier, schema, input: $0, output: $1) }
                try await answer(path) {
                    _ = try await worker.search(query, comparesImages: true, input: $0, output: $1)
                }
            }
        }
    },
]

private let limits = FuzzTarget.Limits(mebibytes: 96, perByte: 512)
/// What native/libparquet-c/src/bounded_memory.hpp lets a small file take, for the pages of a few columns, and for rows that
/// grow from 128 to 256 MiB.
let parquetLimits = FuzzTarget.Limits(mebibytes: 96 + 4 * 64 + 128 + 256, perByte: 4 * 1024)
private let dimension = 16
private let query = EmbeddingMatrix(dimension: dimension, values: [1] + [Float](repeating: 0, count: dimension - 1))

/// A folder of clip-retrieval from the tests' one, in which one file is the input.
///
/// Vectors of its second pair are not of unit length.
private func clipRetrieval(_ name: String, _ input: [UInt8]) throws {
    guard let folder = try? clipRetrievalFolder.get() else { fatalError("the fixture of clip-retrieval is missing") }
    try folder.write(sound[0].bytes, to: sound[0].name)
    try folder.write(sound[1].bytes, to: sound[1].name)
    try folder.write(sound[0].bytes.dropLast(2) + [0, 0x3C], to: "img_emb/img_emb_1.npy")
    try folder.write(sound[1].bytes, to: "metadata/metadata_1.parquet")
    try folder.write(input, to: name)
    let provenance = Provenance(.stub(dimension: dimension))
    _ = try? ClipRetrievalStore(path: folder.path, provenance: provenance, carriedColumns: ["caption"])
    let store = try ClipRetrievalStore(path: folder.path, provenance: provenance)
    try store.forEachBlock(rows: 2) { _ in }
}

private let clipRetrievalFolder = Result { try TemporaryFolder(in: "/dev/shm") }
private let sound = ["img_emb/img_emb_0.npy", "metadata/metadata_0.parquet"].map { name in
    (name: name, bytes: (try? FileBytes.read(fixture("CLIPArrowTests/Fixtures/clip-retrieval/\(name)"))) ?? [])
}

private let worker = EmbeddingWorker(
    decoder: ImageFileDecoder(options: .init(maxPixels: 1 << 16, maxMemory: 16 << 20)),
    encoder: StubImageEncoder(dimension: dimension),
    locations: ImageLocations(maximumFileBytes: 1 << 15),
    options: EmbeddingWorker.Options(maximumRows: 512, maximumBytes: 16 << 20)
)
/// Made once; the sanitizers would count what it allocates otherwise.
private let classifier = Task {
    let file = CategoryFile(
        categories: [.init(name: "a", positive: ["b"], negative: ["c"], threshold: 0)],
        neutral: ["d"]
    )
    let embedder = TextEmbedder(tokenizer: StubTokenizer(), encoder: StubTextEncoder(dimension: dimension))
    return try Classifier(file, bank: try await PromptBank(file, embedder: embedder))
}

private func answer(_ path: String, _ body: (_ input: Int32, _ output: Int32) async throws -> Void) async throws {
    let (input, output) = (open(path, O_RDONLY), open("/dev/null", O_WRONLY))
    defer {
        close(input)
        close(output)
    }
    try await body(input, output)
}
