package import CLIPCore

/// Thumbnails of a report's images, which are found in sources by their ids.
package struct ReportThumbnails: Sendable {
    /// The thumbnail of an image.
    package enum Picture: Sendable, Hashable {
        /// A JPEG file.
        case jpeg([UInt8])
        /// None: the image cannot be read, for this reason.
        case unreadable(String)
    }

    private var pictures = [ImageIDKey: Picture]()
    private var found = ImageIDSet()
    private var locations = [ImageIDKey: ImageLocation]()
    private let ids: [String]

    /// Creates a collection without thumbnails.
    ///
    /// - Parameter ids: The images to find.
    package init(ids: [String]) {
        self.ids = ids
    }

    /// The number of images whose files could be read, whatever they hold.
    package var foundCount: Int { found.count }

    /// Why the first of the images, in the order of their ids, has no picture.
    package var firstFailure: String? {
        ids.lazy.compactMap { if case .unreadable(let reason) = pictures[ImageIDKey($0)] { reason } else { nil } }.first
    }

    /// The number of images that have a picture.
    package var readCount: Int {
        pictures.values.reduce(0) { if case .jpeg = $1 { $0 + 1 } else { $0 } }
    }

    /// The thumbnail of an image.
    package func picture(of id: String) -> Picture {
        pictures[ImageIDKey(id)] ?? .unreadable("The image is not among the sources.")
    }

    /// Where an image is; `nil` if it is inside of a table, an archive or a database.
    package func location(of id: String) -> ImageLocation? {
        locations[ImageIDKey(id)] ?? (["http://", "https://"].contains(where: id.hasPrefix) ? .url(id) : nil)
    }

    /// Reads the missing images from a source, which is walked until all are found.
    ///
    /// - Parameters:
    ///   - source: The source to search.
    ///   - directory: The folder to which paths in the source are relative.
    ///   - concurrency: The number of images read at a time.
    ///   - thumbnail: Makes a small JPEG file from the bytes of an image file; called concurrently.
    /// - Throws: `CLIPError` if the source cannot be walked. An unreadable image does not throw.
    package mutating func read(
        from source: some ImageSource,
        in directory: String = "",
        concurrency: Int,
        thumbnail: @escaping @Sendable (_ file: [UInt8]) throws -> [UInt8]
    ) async throws {
        precondition(concurrency > 0, "at least one image is read at a time")
        // Reading blocks, and walking a source may block too.
        try await withTaskExecutorPreference(BlockingExecutor(threads: concurrency + 1)) {
            try await findMissing(in: source, Array("\(directory)/".utf8), concurrency, thumbnail)
        }
    }

    private mutating func findMissing(
        in source: some ImageSource,
        _ directory: [UInt8],
        _ concurrency: Int,
        _ thumbnail: @escaping @Sendable (_ file: [UInt8]) throws -> [UInt8]
    ) async throws {
        let missing = ids.filter { if case .jpeg = picture(of: $0) { false } else { true } }
        var images = try ChosenImages(source: source, ids: ImageIDSet(missing)).makeIterator()
        // Of several images with the same id, the first is the embedded one.
        var offered = ImageIDSet()
        try await withThrowingTaskGroup(of: (id: String, picture: Picture, isFound: Bool).self) { group in
            var running = 0
            func take() async throws {
                guard let (id, picture, isFound) = try await group.next() else { return }
                running -= 1
                pictures[ImageIDKey(id)] = picture
                if isFound { found.insert(id) }
            }
            while offered.count < missing.count, let image = try await images.next() {
                guard offered.insert(image.id) else { continue }
                if running == concurrency { try await take() }
                running += 1
                if let path = image.filePath {
                    locations[ImageIDKey(image.id)] = .file(path.first == UInt8(ascii: "/") ? path : directory + path)
                }
                group.addTask {
                    let (picture, isFound) = await Self.picture(of: image, thumbnail)
                    return (image.id, picture, isFound)
                }
            }
            while running > 0 { try await take() }
        }
    }

    /// The picture of an image, and whether its file could be read.
    private static func picture(
        of image: ImageReference,
        _ thumbnail: @Sendable ([UInt8]) throws -> [UInt8]
    ) async -> (picture: Picture, isFound: Bool) {
        var isFound = false
        do {
            let bytes = try await image.bytes()
            isFound = true
            return (.jpeg(try thumbnail(bytes)), isFound)
        } catch {
            return (.unreadable("\(error)"), isFound)
        }
    }
}
