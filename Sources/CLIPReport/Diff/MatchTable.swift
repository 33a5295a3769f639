internal import CLIPCore

/// Which images of a run match which categories, by id: 16 bytes for each image, and a bit for each category.
struct MatchTable: Sendable {
    private let run: String
    /// The ids in ascending order.
    private var keys = [ImageIDKey]()
    /// For each id, a bit that tells whether it was taken, and one for each category.
    private var bits = [UInt8]()
    private let bytesPerImage: Int

    /// Number of images.
    var count: Int { keys.count }

    /// Reads a run, twice.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if an id is there twice; what reading throws.
    init(_ run: RunComparison.Run) throws {
        self.run = run.name
        bytesPerImage = run.categories.count / 8 + 1
        keys.reserveCapacity(run.imageCount)
        try run.decisions { decisions in
            for image in decisions { keys.append(ImageIDKey(image.id)) }
        }
        keys.sort()
        guard zip(keys, keys.dropFirst()).allSatisfy(!=) else { throw Self.repeated(in: run.name) }
        bits = [UInt8](repeating: 0, count: keys.count * bytesPerImage)
        try run.decisions { decisions in
            for (image, decision) in decisions.enumerated() {
                guard let row = keys.sortedIndex(of: ImageIDKey(decision.id)) else {
                    preconditionFailure("a run has the same images each time it is read")
                }
                for category in decisions.matches(image: image) { set(category + 1, of: row) }
            }
        }
    }

    /// Finds an image of another run, each of whose images is taken once.
    ///
    /// - Parameters:
    ///   - id: The id.
    ///   - other: The name of the other run.
    /// - Returns: The row of the image; `nil` if this run does not have it.
    /// - Throws: `CLIPError` with code `corruptData` if the image was already taken.
    mutating func take(_ id: String, of other: String) throws -> Int? {
        guard let row = keys.sortedIndex(of: ImageIDKey(id)) else { return nil }
        guard !isSet(0, of: row) else { throw Self.repeated(in: other) }
        set(0, of: row)
        return row
    }

    /// Whether the image in a row matches a category.
    func isMatch(_ category: Int, of row: Int) -> Bool { isSet(category + 1, of: row) }

    private func isSet(_ bit: Int, of row: Int) -> Bool {
        bits[row * bytesPerImage + bit / 8] & (1 << (bit % 8)) != 0
    }

    private mutating func set(_ bit: Int, of row: Int) {
        bits[row * bytesPerImage + bit / 8] |= 1 << (bit % 8)
    }

    private static func repeated(in name: String) -> CLIPError {
        CLIPError(
            .corruptData,
            "\(name) has an id in several rows, so its decisions cannot be compared. Create it again with 'classify' or 'score'."
        )
    }
}
