import CLIPReport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct SimilarImagesTests {
    /// Unit vectors at these angles in degrees.
    private func vectors(_ angles: [Double]) -> [[Float]] {
        angles.map { [Float(cos($0 * .pi / 180)), Float(sin($0 * .pi / 180))] }
    }

    @Test func theNearestImagesComeFirstAndNoneIsSimilarToItself() {
        let similar = SimilarImages(vectors: vectors([0, 90, 10, 40]), count: 2)
        #expect(similar.positions == [[2, 3], [3, 2], [0, 3], [2, 0]])
    }

    @Test func imagesWithoutAVectorAreSimilarToNone() {
        let similar = SimilarImages(vectors: [nil] + vectors([0, 90]), count: 6)
        #expect(similar.positions == [[], [2], [1]])
        #expect(SimilarImages(vectors: [nil], count: 6).positions == [[]])
        #expect(SimilarImages(vectors: [], count: 6).positions.isEmpty)
    }

    /// More images than are compared at a time: on a circle, neighbours are the most similar.
    @Test func manyImagesAreComparedWithAll() {
        let count = 1100
        let similar = SimilarImages(vectors: vectors((0..<count).map { Double($0) * 360 / Double(count) }), count: 2)
        for (place, found) in similar.positions.enumerated() {
            #expect(Set(found) == [(place + 1) % count, (place + count - 1) % count])
        }
    }
}
