/// Keeps a fixed number of the best hits in a binary heap with the worst of them at the root.
struct BestHits {
    private let limit: Int
    private var heap = [SearchHit]()

    /// Creates an empty collection.
    init(limit: Int) {
        precondition(limit > 0, "at least one hit is kept")
        self.limit = limit
    }

    /// The cosine that a new hit must exceed to be kept; of equal cosines, the earlier hit is better.
    var bar: Float { heap.count < limit ? -.infinity : heap[0].cosine }

    /// Replaces the worst hit if the new one is better.
    mutating func insert(_ hit: SearchHit) {
        if heap.count < limit {
            heap.append(hit)
            siftUp()
        } else if hit.isBetter(than: heap[0]) {
            heap[0] = hit
            siftDown()
        }
    }

    /// The hits, best first.
    func sorted() -> [SearchHit] {
        heap.sorted { $0.isBetter(than: $1) }
    }

    private mutating func siftUp() {
        var child = heap.count - 1
        while child > 0, case let parent = (child - 1) / 2, heap[parent].isBetter(than: heap[child]) {
            heap.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while case let left = 2 * parent + 1, left < heap.count {
            let right = left + 1
            let worse = right < heap.count && heap[left].isBetter(than: heap[right]) ? right : left
            guard heap[parent].isBetter(than: heap[worse]) else { return }
            heap.swapAt(parent, worse)
            parent = worse
        }
    }
}
