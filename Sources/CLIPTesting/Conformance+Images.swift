public import CLIPCore
public import CLIPPipeline

extension Conformance {
    /// Checks that a source offers the same images in each walk, with unique ids, values that fit the columns, and a
    /// correct count.
    ///
    /// - Parameter source: A source of a few images that can be walked several times, unlike a stream. It may contain
    ///   unreadable images.
    /// - Throws: ``Violation``, and what walking over the source throws.
    public static func check(_ source: some ImageSource) async throws {
        let names = source.columns.map(\.name)
        try require(Set(names).count == names.count, "column names repeat in \(names): make them unique")
        let images = try await walk(source)
        let ids = images.map(\.id)
        for (place, image) in images.enumerated() {
            try require(
                !ids[..<place].contains { $0.utf8.elementsEqual(image.id.utf8) },
                "two images have the id '\(image.id)': the second could not be stored; make ids unique"
            )
            try requireValues(of: image, source.columns)
            try await requireSameBytes(image)
        }
        let again = try await walk(source)
        try require(
            again.map(\.id) == ids,
            "another walk offers \(again.map(\.id)) after \(ids): offer the same images in the same order each time"
        )
        for (image, other) in zip(images, again) where image.version != other.version {
            throw Violation(
                description:
                    "'\(image.id)' has the version \(other.version ?? "nil") after \(image.version ?? "nil"), and did "
                    + "not change: it would be embedded again; derive versions from what changes with the image"
            )
        }
        if let count = try await source.count(), count != ids.count {
            throw Violation(
                description:
                    "count() says \(count), and the source offers \(ids.count) images: count what the iterator "
                    + "offers, including unreadable images, or return nil"
            )
        }
    }

    private static func walk(_ source: some ImageSource) async throws -> [ImageReference] {
        var iterator = try source.makeIterator()
        var images = [ImageReference]()
        while let image = try await iterator.next() { images.append(image) }
        let isOver = try await iterator.next() == nil
        try require(isOver, "an iterator offers images after it returned nil: return nil from then on")
        return images
    }

    private static func requireValues(of image: ImageReference, _ columns: [SourceColumn]) throws {
        guard !image.values.isEmpty else { return }
        try require(
            image.values.count == columns.count,
            "'\(image.id)' has \(image.values.count) values for \(columns.count) columns: return one per column, .missing "
                + "if there is none, or no values at all"
        )
        for (value, column) in zip(image.values, columns) {
            let fits =
                switch (value, column.kind) {
                case (.text, .text), (.integer, .integer), (.number, .number), (.boolean, .boolean), (.missing, _): true
                default: false
                }
            try require(
                fits,
                "'\(image.id)' has \(value) in the column '\(column.name)' of kind \(column.kind.rawValue): return values of "
                    + "the column's kind"
            )
        }
    }

    private static func requireSameBytes(_ image: ImageReference) async throws {
        guard let bytes = try? await image.bytes() else { return }
        var buffer: [UInt8] = [1, 2, 3]
        try await image.read(into: &buffer)
        try require(
            buffer == bytes,
            "'\(image.id)' has different bytes when it is read into a used buffer: replace the buffer's contents"
        )
    }

    /// Checks that a decoder gives the same pixels each time, also when reusing memory and in concurrent tasks, and
    /// throws a `CLIPError` for bytes that are not an image.
    ///
    /// - Parameters:
    ///   - decoder: The decoder.
    ///   - files: Contents of image files that it can decode.
    /// - Throws: ``Violation``, and what decoding a file throws.
    public static func check(_ decoder: some ImageDecoder, files: [[UInt8]]) async throws {
        let images = try files.map { try decoder.decode($0) }
        var image = PixelImage()
        for place in Array(files.indices) + files.indices.reversed() {
            try decoder.decode(files[place], into: &image)
            try require(
                image == images[place],
                "file \(place) has different pixels when it is decoded into a used image: replace the whole image "
                    + "in decode(_:into:)"
            )
        }
        let together = try await withThrowingTaskGroup(of: (Int, PixelImage).self) { group in
            for place in files.indices { group.addTask { (place, try decoder.decode(files[place])) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for (place, image) in together {
            try require(
                image == images[place],
                "file \(place) has different pixels when several tasks decode: keep no state between calls of decode(_:)"
            )
        }
        for bytes in [[], [UInt8](repeating: 0xA5, count: 64)] {
            do {
                _ = try decoder.decode(bytes)
            } catch is CLIPError {
                continue
            } catch {
                throw Violation(
                    description: "bytes that are not an image threw \(error): throw a CLIPError, which gives the "
                        + "failed image a code"
                )
            }
            throw Violation(
                description: "\(bytes.count) bytes that are not an image were decoded: throw a CLIPError with the code "
                    + "unsupportedFormat or corruptData"
            )
        }
    }

    /// Checks that a reader returns a file's bytes, also to concurrent tasks, respects the size limit, and reports a
    /// missing file.
    ///
    /// - Parameters:
    ///   - reader: The reader.
    ///   - location: A URI that the reader supports.
    ///   - contents: The bytes there, at least two.
    ///   - missing: A URI of the same kind that does not exist.
    /// - Throws: ``Violation``, and what reading the URI throws.
    public static func check(
        _ reader: some LocationReader,
        location: String,
        contents: [UInt8],
        missing: String
    ) async throws {
        try require(
            !reader.schemes.isEmpty && reader.schemes.allSatisfy { $0 == $0.lowercased() && !$0.contains(":") },
            "schemes are \(reader.schemes): name them in lower case and without \"://\", such as \"https\""
        )
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    var buffer: [UInt8] = [1, 2, 3]
                    try await reader.read(location, maximumBytes: contents.count, into: &buffer)
                    try require(
                        buffer == contents,
                        "reading \(location) gave \(buffer.count) bytes that are not its contents: replace the "
                            + "contents of the buffer, and share no state between calls"
                    )
                }
            }
            try await group.waitForAll()
        }
        try await requireCode(.limitExceeded, "a file larger than maximumBytes") {
            var buffer = [UInt8]()
            try await reader.read(location, maximumBytes: contents.count - 1, into: &buffer)
        }
        try await requireCode(.notFound, "a file that does not exist") {
            var buffer = [UInt8]()
            try await reader.read(missing, maximumBytes: contents.count, into: &buffer)
        }
    }

    private static func requireCode(
        _ code: CLIPError.Code,
        _ what: String,
        _ body: () async throws -> Void
    ) async throws {
        do {
            try await body()
        } catch let error as CLIPError where error.code == code {
            return
        } catch {
            throw Violation(description: "\(what) threw \(error): throw a CLIPError with the code \(code)")
        }
        throw Violation(description: "\(what) was read: throw a CLIPError with the code \(code)")
    }
}
