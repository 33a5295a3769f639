internal import CLIPCore

/// Which of some images look alike.
///
/// ```swift
/// let similar = SimilarImages(vectors: try store.vectors(for: ids), count: 6)
/// similar.positions[0].first  // the image that is most similar to ids[0]
/// ```
package struct SimilarImages: Sendable {
    private static let rowsAtATime = 512

    /// For each image, the positions of those most similar to it, by falling cosine; equal cosines keep their order.
    package let positions: [[Int]]

    /// Compares each image with all others.
    ///
    /// - Parameters:
    ///   - vectors: The images' unit vectors; an image with `nil` is similar to none.
    ///   - count: The number of positions for each image, if there are that many others.
    package init(vectors: [[Float]?], count: Int) {
        let known = vectors.indices.filter { vectors[$0] != nil }
        var positions = [[Int]](repeating: [], count: vectors.count)
        if !known.isEmpty {
            let all = EmbeddingMatrix(rows: known.compactMap { vectors[$0] })
            for start in stride(from: 0, to: known.count, by: Self.rowsAtATime) {
                let rows = start..<min(start + Self.rowsAtATime, known.count)
                let some = EmbeddingMatrix(rows: rows.map { all[row: $0] })
                let cosines = MatrixProduct.innerProducts(some, all, rows: all.count)
                for row in rows {
                    let ofRow = cosines[(row - start) * all.count..<(row - start + 1) * all.count]
                    positions[known[row]] = Self.largest(ofRow, count, without: row).map { known[$0] }
                }
            }
        }
        self.positions = positions
    }

    /// The places of the largest values, largest first.
    private static func largest(_ values: ArraySlice<Float>, _ count: Int, without place: Int) -> [Int] {
        var best = [(place: Int, value: Float)]()
        for (other, value) in values.enumerated() where other != place {
            guard best.count < count || value > best[count - 1].value else { continue }
            best.insert((other, value), at: best.firstIndex { $0.value < value } ?? best.count)
            if best.count > count { best.removeLast() }
        }
        return best.map(\.place)
    }
}
