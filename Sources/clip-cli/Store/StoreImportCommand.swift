internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPTorch

struct StoreImportCommand: AsyncParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a store of embeddings in the layout of clip-retrieval.",
        discussion: """
            Reads img_emb/img_emb_N.npy and metadata/metadata_N.parquet, row by row.

            That layout does not name the model that made the vectors, and only their dimension can be checked: --model must be the right one, or categories will be compared with vectors that mean something else.
            """
    )

    @Argument(help: ArgumentHelp("Folder that holds img_emb and metadata.", valueName: "dir"))
    var folder: String

    @Option(help: ArgumentHelp("Folder for the embeddings; must not hold any.", valueName: "embeddings"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "The model that made the vectors: a bundle's folder, or the name of an installed one.",
            valueName: "bundle"
        )
    )
    var model: String

    @Option(help: ArgumentHelp("Column of the metadata with the ids: texts or integers.", valueName: "name"))
    var idColumn = "image_path"

    @Option(help: ArgumentHelp("Columns of the metadata to carry to the store; all unless given.", valueName: "a,b,c"))
    var carry: String?

    @Flag(help: "Store values in 16 bits instead of 32: half the size.")
    var float16 = false

    var outputs: [Output] { [.newFolder("--output", output)] }
    var inputs: [String?] { [folder, ModelLibrary.path(of: model)] }

    func run() async throws {
        let bundle = try ModelBundle(path: ModelLibrary.path(of: model))
        let embeddings = try ClipRetrievalEmbeddings(
            path: folder,
            provenance: Provenance(bundle.model),
            idColumn: idColumn,
            carriedColumns: carry.map { $0.split(separator: ",").map(String.init) }
        )
        let writer = try ParquetEmbeddingWriter(
            folder: output,
            provenance: embeddings.provenance,
            columns: embeddings.columns,
            options: .init(elementType: float16 ? .float16 : .float32)
        )
        guard try await writer.storedImages().count == 0 else {
            throw CLIPError(.storage, "\(output) holds embeddings already. Choose another folder, or remove it first.")
        }
        let count = try await writer.importEmbeddings(from: embeddings)
        try await writer.finish(.complete)
        try Terminal.print(Text.printable("model  \(bundle.model.name) (sha256 \(bundle.model.identity))"))
        try Terminal.print(Text.printable("\(count) rows of dimension \(embeddings.provenance.dimension): \(output)"))
    }
}
