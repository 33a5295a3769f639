internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore

struct StoreExportCommand: ParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a store in the layout of clip-retrieval.",
        discussion: """
            Writes the vectors as 16-bit floats to img_emb/img_emb_N.npy, and the ids as image_path with the columns of the source to metadata/metadata_N.parquet.

            That layout does not name the model that made the vectors: note it down, because who reads them must know it.
            """
    )

    @OptionGroup var store: StoreArgument

    @Option(help: ArgumentHelp("Folder for img_emb and metadata; must not hold embeddings.", valueName: "dir"))
    var output: String

    var outputs: [Output] { [.newFolder("--output", output)] }
    var inputs: [String?] { [store.embeddings] }

    func run() throws {
        let embeddings = try ParquetStore(path: store.embeddings, includesOrigins: true)
        embeddings.warnIfIncomplete()
        try ClipRetrievalWriter(path: output, columns: embeddings.columns).write(embeddings)
        let provenance = embeddings.provenance
        try Terminal.print(Text.printable("model  \(provenance.modelName) (sha256 \(provenance.modelIdentity))"))
        try Terminal.print(Text.printable("\(embeddings.count) rows of dimension \(provenance.dimension): \(output)"))
    }
}
