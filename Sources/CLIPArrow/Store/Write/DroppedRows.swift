package import CLIPCore

/// Rows of a part that a copy of it leaves out.
package struct DroppedRows: Equatable {
    /// Images of which no row stays.
    package var images: Set<ImageIDKey>
    /// Images that have several rows in the part, and how many: the last one stays.
    package var repeated: [ImageIDKey: Int]

    package init(images: Set<ImageIDKey> = [], repeated: [ImageIDKey: Int] = [:]) {
        self.images = images
        self.repeated = repeated
    }

    var isEmpty: Bool { images.isEmpty && repeated.isEmpty }

    /// Whether the next row of an image is left out; rows are asked for in their order.
    package mutating func takes(_ id: String) -> Bool {
        let key = ImageIDKey(id)
        if images.contains(key) { return true }
        guard let rest = repeated[key] else { return false }
        repeated[key] = rest > 2 ? rest - 1 : nil
        return true
    }
}
