public import CLIPCore

/// A decoder and an image encoder, combined: takes images and returns unit vectors.
///
/// Use an embedder when you need the vectors right away, for example for a folder of photos or the requests to a service.
/// To embed many images into a store, use ``EmbeddingRun``.
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
/// With the same batch size, the vectors are bit-identical to those of an `EmbeddingRun` over the same images: batches
/// take the usable images in order, and if there is more than one batch, the last one is padded with black images where
/// vectors depend on its size.
public struct ImageEmbedder: Sendable {
    /// Batch size, parallelism and limits.
    public struct Options: Sendable, Hashable {
        package var batchSize: Int
        package var decodeWorkers: Int
        package var maximumFileBytes: Int

        /// Creates options.
        ///
        /// - Parameters:
        ///   - batchSize: The number of images per encoder batch; fewer once the encoder reports that a batch does not fit
        ///     into memory.
        ///   - decodeWorkers: The number of images read and decoded at a time; `nil` for the number of CPU cores.
        ///   - maximumFileBytes: The maximum file size in bytes, 1 GiB by default; larger files fail without being
        ///     read.
        public init(batchSize: Int = 32, decodeWorkers: Int? = nil, maximumFileBytes: Int = 1 << 30) {
            self.batchSize = batchSize
            self.decodeWorkers = decodeWorkers ?? ProcessorCount.current
            self.maximumFileBytes = maximumFileBytes
        }
    }

    /// Decodes image files into pixels.
    package let decoder: any ImageDecoder
    /// Embeds preprocessed images.
    package let encoder: any ImageEncoder
    let options: Options
    private let halving: HalvingEncoder
    private let preparation: ParallelPreparation

    /// Creates an embedder from a decoder and an encoder.
    ///
    /// - Precondition: Sizes are positive.
    public init(decoder: any ImageDecoder, encoder: any ImageEncoder, options: Options = Options()) {
        precondition(options.batchSize > 0 && options.decodeWorkers > 0, "sizes are positive")
        self.decoder = decoder
        self.encoder = encoder
        self.options = options
        halving = HalvingEncoder(encoder)
        preparation = ParallelPreparation(
            decoder: decoder,
            spec: encoder.model.preprocessing,
            workers: options.decodeWorkers
        )
    }

    /// Embeds image files.
    ///
    /// - Parameter paths: The files.
    /// - Returns: For each file, in the order of `paths`, a unit vector of the model's dimension, or a `CLIPError` that
    ///   names the file.
    /// - Throws: What ``embed(_:)-([ImageReference])`` throws.
    public func embed(paths: [String]) async throws -> [Result<[Float], CLIPError>] {
        try await embed(paths.map(reference))
    }

    /// Embeds images in memory.
    ///
    /// - Parameter bytes: The contents of one image file per element.
    /// - Returns: For each image, in order, a unit vector of the model's dimension, or a `CLIPError` that names the
    ///   image by its position, such as `image 3`.
    /// - Throws: What ``embed(_:)-([ImageReference])`` throws.
    public func embed(bytes: [[UInt8]]) async throws -> [Result<[Float], CLIPError>] {
        try await embed(
            bytes.enumerated().map { index, bytes in ImageReference(id: "image \(index + 1)", readInto: { $0 = bytes })
            }
        )
    }

    /// Embeds one image file.
    ///
    /// - Returns: A unit vector of the model's dimension.
    /// - Throws: `CLIPError` that names the file if it cannot be embedded; what ``embed(_:)-([ImageReference])`` throws.
    public func embed(path: String) async throws -> [Float] {
        try await embed([reference(path)])[0].get()
    }

    /// Embeds one image in memory.
    ///
    /// - Parameter bytes: The contents of an image file.
    /// - Returns: A unit vector of the model's dimension.
    /// - Throws: `CLIPError` if the image cannot be embedded; what ``embed(_:)-([ImageReference])`` throws.
    public func embed(bytes: [UInt8]) async throws -> [Float] {
        try await embed([ImageReference(id: "the image", readInto: { $0 = bytes })])[0].get()
    }

    /// Embeds images that are read when they are needed.
    ///
    /// A failed image does not affect the others. Images are read and decoded in parallel on dedicated threads, then
    /// encoded batch by batch.
    ///
    /// - Parameter images: The images. Their ids name them in errors and need not be unique.
    /// - Returns: For each image, in order, a unit vector of the model's dimension, or the error that prevented it.
    /// - Throws: Errors that affect all images: `CLIPError` with code `inference` if the model fails or returns no unit
    ///   vector for any image of a batch, `outOfMemory` if not even one image fits, `missingLibrary`,
    ///   `invalidModel` or `device`; `CancellationError`.
    public func embed(_ images: [ImageReference]) async throws -> [Result<[Float], CLIPError>] {
        let spec = encoder.model.preprocessing
        var results = [Result<[Float], CLIPError>](repeating: .success([]), count: images.count)
        var batch = ImageBatch(height: spec.height, width: spec.width, capacity: min(images.count, options.batchSize))
        var places = [Int]()
        func encode() async throws {
            try Task.checkCancellation()
            if images.count > options.batchSize { batch.pad(to: options.batchSize, for: encoder) }
            for (place, vector) in zip(places, try await halving.vectors(of: batch, count: places.count)) {
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
