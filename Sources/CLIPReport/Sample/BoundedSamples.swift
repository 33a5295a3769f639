internal import CLIPCore

/// Keeps a fixed number of the items with the smallest keys, in ascending order.
///
/// Of equal keys, the earlier items are kept.
struct LeastItems<Item: Sendable>: Sendable {
    private let limit: Int
    private var entries = [(key: Float, item: Item)]()

    init(limit: Int) {
        self.limit = limit
    }

    var items: [Item] { entries.map(\.item) }

    mutating func add(_ item: Item, key: Float) {
        guard limit > 0 else { return }
        if entries.count == limit {
            guard let last = entries.last, key < last.key else { return }
            entries.removeLast()
        }
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key <= key { low = middle + 1 } else { high = middle }
        }
        entries.insert((key, item), at: low)
    }
}

/// A uniform random sample of a sequence of items: algorithm R (Vitter, 1985).
package struct Reservoir<Item: Sendable>: Sendable {
    private let limit: Int
    private var seen = 0
    private var generator: SeededGenerator
    /// The sample.
    package private(set) var items = [Item]()

    /// Creates an empty sample.
    package init(limit: Int, seed: UInt64) {
        self.limit = limit
        self.generator = SeededGenerator(seed: seed)
    }

    /// Considers another item for the sample.
    package mutating func add(_ item: Item) {
        seen += 1
        guard items.count == limit else { return items.append(item) }
        let place = generator.index(below: seen)
        if place < limit { items[place] = item }
    }
}
