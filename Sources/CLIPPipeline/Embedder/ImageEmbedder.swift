public import CLIPCore

/// A decoder and an image encoder: images in, unit vectors out.
///
/// For images whose vectors are needed at once: a folder of photos, or the requests to a service. ``EmbeddingRun`` is for
/// many images that are to be stored.
///
/// ```swift
/// let embedder = ImageEmbedder(decoder: ImageFileDecoder(), encoder: try bundle.imageEncoder())
/// let vector = try await embedder.embed(path: "cat.jpg")
/// for result in try await embedder.embed(paths: ["cat.jpg", "damaged.jpg"]) {
///     switch result {
///     case .success(let vector): print(vector.count)
///     case .failure(let error): print(error)
///     }
/// }
/// ```
///
/// With the same batch size, vectors are those of an `EmbeddingRun` over the same images, to the last bit: batches are filled
/// with the images that can be used, in their order, and more than one batch is filled up with black images.
public struct ImageEmbedder: Sendable {
    /// Sizes.
    public struct Options: Sendable, Hashable {
        /// Images that the encoder gets at a time; 32 by default.
        package var batchSize: Int
        /// Images that are read and decoded at a time; by default as many as there are CPU cores.
        package var decodeWorkers: Int
        /// A larger file fails before it is read; 1 GiB by default.
        package var maximumFileBytes: Int

        /// Creates options.
        public init(batchSize: Int = 32, decodeWorkers: Int? = nil, maximumFileBytes: Int = 1 << 30) {
            self.batchSize = batchSize
            self.decodeWorkers = decodeWorkers ?? ProcessorCount.current
            self.maximumFileBytes = maximumFileBytes
        }
    }

    /// Turns the bytes of image files into pixels.
    package let decoder: any ImageDecoder
    /// Turns preprocessed images into vectors.
    package let encoder: any ImageEncoder
    let options: Options
    private let preparation: ParallelPreparation

    /// Joins a decoder and an encoder.
    ///
    /// - Precondition: Sizes are positive.
    public init(decoder: any ImageDecoder, encoder: any ImageEncoder, options: Options = Options()) {
        precondition(options.batchSize > 0 && options.decodeWorkers > 0, "sizes are positive")
        self.decoder = decoder
        self.encoder = encoder
        self.options = options
        preparation = ParallelPreparation(
            decoder: decoder,
            spec: encoder.model.preprocessing,
            workers: options.decodeWorkers
        )
    }

    /// Embeds image files.
    ///
    /// - Parameter paths: The files.
    /// - Returns: For each file, in the order of `paths`, its vector of the model's dimension and of length 1, or why it has
    ///   none: a `CLIPError` that names the file.
    /// - Throws: What ``embed(_:)`` throws.
    public func embed(paths: [String]) async throws -> [Result<[Float], CLIPError>] {
        try await embed(paths.map(reference))
    }

    /// Embeds images that are in memory.
    ///
    /// - Parameter bytes: The contents of an image file for each image.
    /// - Returns: For each image, in their order, its vector of the model's dimension and of length 1, or why it has none: a
    ///   `CLIPError` that names it by its place, such as `image 3`.
    /// - Throws: What ``embed(_:)`` throws.
    public func embed(bytes: [[UInt8]]) async throws -> [Result<[Float], CLIPError>] {
        try await embed(
            bytes.enumerated().map { index, bytes in ImageReference(id: "image \(index + 1)", readInto: { $0 = bytes })
            }
        )
    }

    /// Embeds one image file.
    ///
    /// - Returns: Its vector, of the model's dimension and of length 1.
    /// - Throws: `CLIPError` that names the file when it cannot be used; what ``embed(_:)`` throws.
    public func embed(path: String) async throws -> [Float] {
        try await embed([reference(path)])[0].get()
    }

    /// Embeds one image that is in memory.
    ///
    /// - Parameter bytes: The contents of an image file.
    /// - Returns: Its vector, of the model's dimension and of length 1.
    /// - Throws: `CLIPError` when it cannot be used; what ``embed(_:)`` throws.
    public func embed(bytes: [UInt8]) async throws -> [Float] {
        try await embed([ImageReference(id: "the image", readInto: { $0 = bytes })])[0].get()
    }

    /// Embeds images that a source offers.
    ///
    /// One bad image costs no other. Images are read and decoded several at a time, on threads of their own, and then encoded
    /// batch by batch.
    ///
    /// - Parameter images: The images; their ids name them in errors and may repeat.
    /// - Returns: For each image, in their order, its vector of the model's dimension and of length 1, or why it has none.
    /// - Throws: What concerns all images: `CLIPError` with code `inference` when the model fails or gives none of the
    ///   images of a batch a unit vector, `missingLibrary`, `invalidModel` or `device`; `CancellationError`.
    public func embed(_ images: [ImageReference]) async throws -> [Result<[Float], CLIPError>] {
        let spec = encoder.model.preprocessing
        var results = [Result<[Float], CLIPError>](repeating: .success([]), count: images.count)
        var batch = ImageBatch(height: spec.height, width: spec.width, capacity: min(images.count, options.batchSize))
        var places = [Int]()
        func encode() async throws {
            try Task.checkCancellation()
            if images.count > options.batchSize { batch.pad(to: options.batchSize) }
            for (place, vector) in zip(places, try await encoder.vectors(of: batch, count: places.count)) {
                results[place] = vector.mapError { $0.about(images[place].id) }
            }
            batch.removeAll()
            places = []
        }
        for start in stride(from: 0, to: images.count, by: options.batchSize) {
            let end = min(start + options.batchSize, images.count)
            let prepared = try await preparation.pixels(of: images[start..<end])
            for (place, pixels) in zip(start..<end, prepared) {
                switch pixels {
                case .failure(let error): results[place] = .failure(error)
                case .success(let pixels):
                    batch.append(pixels)
                    places.append(place)
                }
                if places.count == options.batchSize { try await encode() }
            }
        }
        if !places.isEmpty { try await encode() }
        return results
    }

    private func reference(_ path: String) -> ImageReference {
        ImageReference(id: path, file: LocalFile(path: Array(path.utf8), maximumBytes: options.maximumFileBytes))
    }
}
