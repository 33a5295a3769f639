/// The best of the hits it was shown, at most a fixed number: a binary heap with the worst of them at the root.
struct BestHits {
    private let limit: Int
    private var heap = [SearchHit]()

    /// Starts without hits.
    init(limit: Int) {
        precondition(limit > 0, "at least one hit is kept")
        self.limit = limit
    }

    /// The cosine that a hit must exceed to be kept; a hit that comes later and has the same one is worse.
    var bar: Float { heap.count < limit ? -.infinity : heap[0].cosine }

    /// Keeps a hit that is better than the worst one, in its place.
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
