public import CLIPCore

extension Conformance {
    /// Checks that a store returns what was written, in order and in blocks of any size; that a later run can replace,
    /// fail and remove earlier images; and that there is one vector per image.
    ///
    /// - Parameters:
    ///   - model: The model that the store is opened with.
    ///   - writer: Opens the store for a run: empty the first time, then as the last run left it. It has no columns.
    ///   - reader: Opens the store for reading after a finished run.
    /// - Throws: ``Violation``, and what the store throws.
    public static func checkStore<Writer: EmbeddingWriter, Reader: EmbeddingReader>(
        model: ModelDescription,
        writer: () async throws -> Writer,
        reader: () async throws -> Reader
    ) async throws {
        let sample = StoreSample(model: model)
        let names = ["plain", "with space", "ünïcode/😀.jpg", "new\nline", "quote\"comma,"]
        let first = names.map { StoreSample.Image(id: $0, version: "1", contentHash: "hash of \($0)") }
        var run = try await writer()
        try require(try await run.storedImages().count == 0, "a new store reports images: count from 0")
        let doubled = try sample.block([first[0], first[0]])
        try require(
            (try? await run.append(doubled)) == nil,
            "a block with an id twice was stored: throw from append(_:), because a store keeps one vector per id"
        )
        for range in [0..<2, 2..<5] {
            try await run.append(sample.block(Array(first[range])))
        }
        try await run.recordFailure(FailedImage(id: "bad", stage: .decode, reason: "damaged", byteCount: 7))
        try await run.recordFailure(
            FailedImage(id: "plain", stage: .read, reason: "its id is taken", keepsVector: true)
        )
        try await run.finish(.stopped)
        try await sample.requireContents(reader(), first)

        run = try await writer()
        let stored = try await run.storedImages()
        try require(
            stored.count == 5 && !stored.contains("bad"),
            "a store reports the wrong images: return all images with a vector, and no others, from storedImages()"
        )
        try require(
            stored.isCurrent("plain", version: "1"),
            "an image that did not change counts as changed: keep the version of each origin"
        )
        try require(
            !stored.isCurrent("plain", version: "2"),
            "an image that changed counts as unchanged: keep the version of each origin"
        )
        try require(
            stored.isCurrent("plain", contentHash: "hash of plain"),
            "a content hash was not kept: keep the contentHash of each origin"
        )
        let changed = StoreSample.Image(id: "new\nline", version: "2", contentHash: "another")
        let added = StoreSample.Image(id: "bad", version: nil, contentHash: nil)
        try await run.append(sample.block([changed, added]))
        try await run.recordFailure(FailedImage(id: "with space", stage: .decode, reason: "damaged now"))
        try await run.finish(.complete)
        let second = [first[0], first[2], first[4], changed, added]
        try await sample.requireContents(reader(), second)

        run = try await writer()
        try require(
            try await run.storedImages().isCurrent("new\nline", version: "2"),
            "a new version was not kept: replace the origin with the vector"
        )
        let removed = try await run.removeImages(notIn: ImageIDSet(["plain", "bad", "unknown"]))
        try require(
            removed == 3,
            "3 images are no longer in the source, but removeImages(notIn:) reports \(removed) as removed"
        )
        try await run.finish(.complete)
        try await sample.requireContents(reader(), [first[0], added])

        try require(
            try await run.storedImages().count == 2,
            "a writer reports the wrong images after a finished run: begin another run in storedImages()"
        )
        try await run.append(sample.block([first[1]]))
        try await run.finish(.complete)
        try await sample.requireContents(reader(), [first[0], added, first[1]])
    }
}

/// Generates images and compares them with the contents of a store.
private struct StoreSample {
    struct Image {
        let id: String
        let version: String?
        let contentHash: String?
    }

    let model: ModelDescription

    private func vector(_ image: Image) throws -> [Float] {
        try StubImageEncoder(dimension: model.embeddingDimension)
            .vector(for: (image.id + (image.version ?? "")).utf8)
    }

    func block(_ images: [Image]) throws -> EmbeddingBlock {
        EmbeddingBlock(
            ids: images.map(\.id),
            embeddings: EmbeddingMatrix(
                dimension: model.embeddingDimension,
                values: try images.flatMap { try vector($0) }
            ),
            origins: images.map { ImageOrigin(version: $0.version, contentHash: $0.contentHash) }
        )
    }

    func requireContents(_ store: some EmbeddingReader, _ images: [Image]) throws {
        try Conformance.require(
            store.count == images.count,
            "count is \(store.count), but \(images.count) vectors were stored"
        )
        try Conformance.require(
            store.provenance == Provenance(model),
            "the provenance is not that of the store's model: keep it with the vectors"
        )
        for rows in [1, 2, 100] {
            var found = [(id: String, vector: [Float])]()
            try store.forEachBlock(rows: rows) { block in
                try Conformance.require(
                    block.ids.count <= rows,
                    "a block has \(block.ids.count) rows, more than the \(rows) that were asked for"
                )
                found += block.ids.indices.map { (block.ids[$0], block.embeddings[row: $0]) }
            }
            try Conformance.require(
                // By their bytes: ids that Unicode composes differently may be different files.
                found.map { Array($0.id.utf8) } == images.map { Array($0.id.utf8) },
                "ids came back as \(found.map(\.id)), not in the order they were stored, \(images.map(\.id))"
            )
            try Conformance.require(
                found.map(\.vector) == images.map(vector),
                "a vector changed or moved to another id: keep each vector in the row of its id"
            )
        }
    }
}
