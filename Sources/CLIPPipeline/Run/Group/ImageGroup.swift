package import CLIPCore

/// Images whose outcomes belong together, such as the rows of one record batch.
package struct ImageGroup<Origin: Sendable>: Sendable {
    /// The images; their ids are unique within the group.
    package let images: [ImageReference]
    /// What the group was made from.
    package let origin: Origin

    package init(images: [ImageReference], origin: Origin) {
        self.images = images
        self.origin = origin
    }
}

/// The outcomes of a group's images, in the order of the group.
package struct EmbeddedGroup: Sendable {
    /// One vector per image, row after row; zeros for an image that failed.
    package private(set) var values: [Float]
    /// Why an image failed; `nil` if it has a vector.
    package private(set) var failures: [FailedImage?]
    /// What is wrong with the file of an image that was decoded as far as possible; see ``ImageOrigin``.
    package private(set) var damage: [String?]

    /// Puts the outcomes into the group's order by their ids.
    init(_ images: [ImageReference], _ batches: [EncodedBatch], dimension: Int) {
        values = [Float](repeating: 0, count: images.count * dimension)
        failures = [FailedImage?](repeating: nil, count: images.count)
        damage = [String?](repeating: nil, count: images.count)
        let rows = Dictionary(uniqueKeysWithValues: images.enumerated().map { ($1.id, $0) })
        precondition(batches.reduce(0) { $0 + $1.count } == images.count, "every image of a group has an outcome")
        func row(_ id: String) -> Int {
            guard let row = rows[id] else { preconditionFailure("outcomes have the ids of their images") }
            return row
        }
        for batch in batches {
            for (position, id) in batch.block.ids.enumerated() {
                let (row, start) = (row(id), position * dimension)
                values.replaceSubrange(
                    row * dimension..<(row + 1) * dimension,
                    with: batch.block.embeddings.values[start..<start + dimension]
                )
                damage[row] = batch.block.origins[position].damage
            }
            for failure in batch.failures { failures[row(failure.image.id)] = failure.image }
        }
    }
}

extension EncodedBatch {
    fileprivate var count: Int { block.ids.count + failures.count }
}
