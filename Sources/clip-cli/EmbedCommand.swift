internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPImage
internal import CLIPTorch

struct EmbedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Turn images into vectors and store them.",
        discussion: """
            Reads every image below the given folders, and images named one by one, and writes a folder of Parquet files
            with one row an image: its id and its vector. An image's id is its path relative to the folder; with several
            sources, and for single files and lists, it is the path as given. Images that cannot be used are listed with the reason in rejects.parquet.
            """
    )

    @Argument(help: "Folders, or single image files.")
    var sources: [String] = []

    @Option(help: ArgumentHelp("Read paths from a text file, one a line; - is standard input.", valueName: "file"))
    var list: [String] = []

    @OptionGroup var model: ModelOptions

    @Option(help: ArgumentHelp("Folder for the embeddings; must not hold any yet.", valueName: "dir"))
    var output: String

    @Option(help: "Images that are encoded at a time.")
    var batchSize = EmbeddingRun.Options().batchSize

    @Option(help: "Images that are decoded at a time.")
    var decodeWorkers = EmbeddingRun.Options().decodeWorkers

    @Option(help: "What to do with EXIF orientation: apply it, or ignore it as open_clip does.")
    var exifOrientation = OrientationOption.apply

    @Flag(help: "Read all files of a folder, not only those named like images.")
    var allFiles = false

    @Flag(help: "Exit with 0 although images were rejected.")
    var allowRejects = false

    func validate() throws {
        guard !sources.isEmpty || !list.isEmpty else {
            throw ValidationError("Name at least one folder or image, or a list of paths with --list.")
        }
        guard 1...1024 ~= batchSize else { throw ValidationError("--batch-size must be from 1 to 1024.") }
        guard 1...256 ~= decodeWorkers else { throw ValidationError("--decode-workers must be from 1 to 256.") }
    }

    func run() async throws {
        let decoder = ImageFileDecoder(options: .init(orientation: exifOrientation.value))
        let (source, imageCount) = try await SourceArguments(
            paths: sources,
            lists: list,
            allFiles: allFiles,
            maximumFileBytes: decoder.options.limits.maxBytes
        ).source()
        let bundle = try model.bundle()
        let encoder = try bundle.imageEncoder(device: model.torchDevice())
        let provenance = Provenance(bundle.model, decoding: exifOrientation.description)
        let writer = try ParquetEmbeddingWriter(folder: output, provenance: provenance)
        var options = EmbeddingRun.Options()
        options.batchSize = batchSize
        options.decodeWorkers = decodeWorkers
        let run = EmbeddingRun(
            source: source,
            decoder: decoder,
            encoder: encoder,
            writer: writer,
            options: options
        )
        let display = ProgressDisplay()
        defer { display.finish() }
        let result = try await run.run(imageCount: imageCount) { display.show($0) }
        display.finish()
        try Terminal.print(summary(result))
        if result.rejected > 0 && !allowRejects { throw ExitStatus.doneWithRejects }
    }

    private func summary(_ result: RunProgress) -> String {
        let counts = "\(result.embedded) embedded, \(result.rejected) rejected, \(result.total) in all"
        let rate = "\(Text.fixed(result.rate, digits: 1)) images/s, \(Text.duration(result.elapsed))"
        let rejects = result.rejected > 0 ? "\nWhy images were rejected: \(output)/rejects.parquet" : ""
        return "\(counts) (\(rate))\nEmbeddings: \(output)\(rejects)"
    }
}

/// The values of `--exif-orientation`.
enum OrientationOption: String, CaseIterable, ExpressibleByArgument, CustomStringConvertible {
    case apply
    case ignore

    /// What was done, for a store's provenance.
    var description: String {
        switch self {
        case .apply: "EXIF orientation applied"
        case .ignore: "EXIF orientation ignored"
        }
    }

    var value: ImageFileDecoder.Options.Orientation {
        switch self {
        case .apply: .apply
        case .ignore: .ignore
        }
    }
}
