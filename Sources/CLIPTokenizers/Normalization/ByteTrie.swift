/// A prefix tree that maps byte strings to numbers.
///
/// The children of a node are adjacent in ``labels``, sorted by byte.
struct ByteTrie: Sendable {
    /// Means "no number" or "no child".
    static let none: Int32 = -1
    static let root: Int32 = 0

    /// The index of each node's first child; the children end where the next node's begin.
    private var firstChild: [Int32] = []
    /// The byte that leads to each node.
    private var labels: [UInt8] = [0]
    private var values: [Int32] = []
    /// The root's children, keyed by byte, because they are many.
    private var rootChildren = [Int32](repeating: none, count: 256)

    /// Builds the tree; for equal strings, the last number is used.
    init(_ entries: [(key: [UInt8], value: Int32)]) {
        // Equal keys keep their order.
        let sorted = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        // Nodes in order of depth, each with the entries that begin with its bytes.
        var nodes: [(entries: Range<Int>, depth: Int)] = [(sorted.indices, 0)]
        var node = 0
        while node < nodes.count {
            var (rest, depth) = nodes[node]
            var value = Self.none
            while let first = rest.first, sorted[first].key.count == depth {
                value = sorted[first].value
                rest = rest.dropFirst()
            }
            values.append(value)
            firstChild.append(Int32(nodes.count))
            while let first = rest.first {
                let label = sorted[first].key[depth]
                let end = rest.first { sorted[$0].key[depth] != label } ?? rest.upperBound
                if node == 0 { rootChildren[Int(label)] = Int32(nodes.count) }
                labels.append(label)
                nodes.append((first..<end, depth + 1))
                rest = end..<rest.upperBound
            }
            node += 1
        }
        firstChild.append(Int32(nodes.count))
    }

    /// The number of the string that ends at a node, or ``none``.
    func value(at node: Int32) -> Int32 {
        values[Int(node)]
    }

    /// The child of a node for a byte, or ``none``.
    func child(of node: Int32, _ byte: UInt8) -> Int32 {
        if node == Self.root { return rootChildren[Int(byte)] }
        var low = Int(firstChild[Int(node)])
        var high = Int(firstChild[Int(node) + 1])
        while low < high {
            let middle = (low + high) / 2
            if labels[middle] == byte { return Int32(middle) }
            if labels[middle] < byte { low = middle + 1 } else { high = middle }
        }
        return Self.none
    }

    /// The number of a whole string, or ``none`` if the tree does not contain it.
    func value(of key: some Sequence<UInt8>) -> Int32 {
        var node = Self.root
        for byte in key {
            node = child(of: node, byte)
            if node == Self.none { return Self.none }
        }
        return value(at: node)
    }

    /// The numbers of the pieces `<0x00>` to `<0xFF>`, which spell out text that a vocabulary lacks; ``none`` for
    /// missing pieces.
    func bytePieces() -> [Int32] {
        (UInt8.min...UInt8.max).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return value(of: (byte < 16 ? "<0x0\(digits)>" : "<0x\(digits)>").utf8)
        }
    }

    /// The longest string that begins at the start of `bytes`, with its number and end.
    func longestMatch(in bytes: ArraySlice<UInt8>) -> (value: Int32, end: Int)? {
        var node = Self.root
        var longest: (value: Int32, end: Int)?
        for (index, byte) in zip(bytes.indices, bytes) {
            node = child(of: node, byte)
            if node == Self.none { break }
            if value(at: node) != Self.none { longest = (value(at: node), index + 1) }
        }
        return longest
    }
}
