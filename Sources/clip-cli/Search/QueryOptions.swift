internal import ArgumentParser

/// What queries are made of besides texts.
struct QueryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Image file to search with (repeatable).", valueName: "file"))
    var image: [String] = []

    @Option(
        help: ArgumentHelp("One weight per text, then one per image (default: 1).", valueName: "w,w,..."),
        transform: QueryWeights.init(argument:)
    )
    var weights: QueryWeights?

    @Flag(help: "Run one query per text and image.")
    var separateQueries = false

    /// Whether nothing is given.
    var isEmpty: Bool { image.isEmpty && weights == nil && !separateQueries }

    func validate() throws {
        guard !separateQueries || weights == nil else {
            throw ValidationError("--weights and --separate-queries cannot be combined.")
        }
    }

    /// A query of texts and these images.
    ///
    /// - Throws: `ValidationError` as ``SearchQuery/init(texts:images:weights:isSeparate:)``.
    func query(texts: [String]) throws -> SearchQuery {
        try SearchQuery(texts: texts, images: image, weights: weights, isSeparate: separateQueries)
    }
}
