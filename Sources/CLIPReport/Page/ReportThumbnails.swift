package import CLIPCore

/// Small pictures of the images that a report shows, found in sources by their ids.
package struct ReportThumbnails: Sendable {
    /// What is shown in place of an image.
    package enum Picture: Sendable, Hashable {
        /// A JPEG file.
        case jpeg([UInt8])
        /// Nothing: the image cannot be read, and why.
        case unreadable(String)
    }

    private var pictures = [ImageIDKey: Picture]()
    private let ids: [String]

    /// Creates a collection that lacks all pictures.
    ///
    /// - Parameter ids: The images that are wanted.
    package init(ids: [String]) {
        self.ids = ids
    }

    /// How many images were found and could be read.
    package var readCount: Int {
        pictures.values.reduce(0) { if case .jpeg = $1 { $0 + 1 } else { $0 } }
    }

    /// The picture of an image.
    package func picture(of id: String) -> Picture {
        pictures[ImageIDKey(id)] ?? .unreadable("The image is not among the sources.")
    }

    /// Reads the images that are still missing from a source, which is walked until all are found.
    ///
    /// - Parameters:
    ///   - source: Where the images may be.
    ///   - concurrency: How many images are read at a time.
    ///   - thumbnail: Makes a small JPEG file from the bytes of an image file; called from several tasks.
    /// - Throws: `CLIPError` when the source cannot be walked. An image that cannot be read is no error.
    package mutating func read(
        from source: some ImageSource,
        concurrency: Int,
        thumbnail: @escaping @Sendable (_ file: [UInt8]) throws -> [UInt8]
    ) async throws {
        precondition(concurrency > 0, "at least one image is read at a time")
        // Reading blocks, and a source that is walked may.
        try await withTaskExecutorPreference(BlockingExecutor(threads: concurrency + 1)) {
            try await findMissing(in: source, concurrency, thumbnail)
        }
    }

    private mutating func findMissing(
        in source: some ImageSource,
        _ concurrency: Int,
        _ thumbnail: @escaping @Sendable (_ file: [UInt8]) throws -> [UInt8]
    ) async throws {
        let missing = ids.filter { if case .jpeg = picture(of: $0) { false } else { true } }
        var images = try ChosenImages(source: source, ids: ImageIDSet(missing)).makeIterator()
        // Of several images with one id, the first is the one that was embedded.
        var offered = ImageIDSet()
        try await withThrowingTaskGroup(of: (id: String, picture: Picture).self) { group in
            var running = 0
            func take() async throws {
                guard let (id, picture) = try await group.next() else { return }
                running -= 1
                pictures[ImageIDKey(id)] = picture
            }
            while offered.count < missing.count, let image = try await images.next() {
                guard offered.insert(image.id) else { continue }
                if running == concurrency { try await take() }
                running += 1
                group.addTask { (image.id, await Self.picture(of: image, thumbnail)) }
            }
            while running > 0 { try await take() }
        }
    }

    private static func picture(
        of image: ImageReference,
        _ thumbnail: @Sendable ([UInt8]) throws -> [UInt8]
    ) async -> Picture {
        do {
            return .jpeg(try thumbnail(await image.bytes()))
        } catch {
            return .unreadable("\(error)")
        }
    }
}
