import CLIPReport
import Testing

@Suite struct SimilarImagesTests {
    /// Unit vectors whose angles have these tangents of their halves: 0 for 0 degrees, 1 for 90.
    private func vectors(_ tangents: [Float]) -> [[Float]] {
        tangents.map { tangent in
            let square: Float = tangent * tangent
            return [(1 - square) / (1 + square), 2 * tangent / (1 + square)]
        }
    }

    @Test func theNearestImagesComeFirstAndNoneIsSimilarToItself() {
        let similar = SimilarImages(vectors: vectors([0, 1, 0.1, 0.35]), count: 2)
        #expect(similar.positions == [[2, 3], [3, 2], [0, 3], [2, 0]])
    }

    @Test func imagesWithoutAVectorAreSimilarToNone() {
        let similar = SimilarImages(vectors: [nil] + vectors([0, 1]), count: 6)
        #expect(similar.positions == [[], [2], [1]])
        #expect(SimilarImages(vectors: [nil], count: 6).positions == [[]])
        #expect(SimilarImages(vectors: [], count: 6).positions.isEmpty)
    }

    /// More images than are compared at a time: on an arc, a neighbour is the most similar.
    @Test func manyImagesAreComparedWithAll() {
        let similar = SimilarImages(vectors: vectors((0..<600).map { Float($0) / 600 }), count: 1)
        #expect(similar.positions.count == 600)
        for (place, found) in similar.positions.enumerated() {
            #expect(found.count == 1 && abs(found[0] - place) == 1, "\(place): \(found)")
        }
    }
}
