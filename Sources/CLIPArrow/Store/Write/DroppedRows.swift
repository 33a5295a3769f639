package import CLIPCore

/// Rows of a part that a copy omits.
package struct DroppedRows: Equatable {
    /// Images whose rows are all omitted.
    package var images: Set<ImageIDKey>
    /// Images with several rows in the part, and their number; only the last row is kept.
    package var repeated: [ImageIDKey: Int]

    package init(images: Set<ImageIDKey> = [], repeated: [ImageIDKey: Int] = [:]) {
        self.images = images
        self.repeated = repeated
    }

    var isEmpty: Bool { images.isEmpty && repeated.isEmpty }

    /// Whether to omit the next row of an image; call once per row, in row order.
    package mutating func takes(_ id: String) -> Bool {
        let key = ImageIDKey(id)
        if images.contains(key) { return true }
        guard let rest = repeated[key] else { return false }
        repeated[key] = rest > 2 ? rest - 1 : nil
        return true
    }
}
