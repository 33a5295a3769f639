/// Orders rows by integers in a time that is proportional to their number: a radix sort from the last digit to the first.
enum RadixOrder {
    private typealias Item = (key: UInt64, position: Int32)
    private static let digitBits = 11

    /// The positions of the keys, from the smallest key to the largest; positions of equal keys rise.
    static func positions(byRising keys: [UInt64]) -> [Int] {
        var items = keys.enumerated().map { (key: $1, position: Int32($0)) }
        var sorted = items
        for shift in stride(from: 0, to: UInt64.bitWidth, by: digitBits) {
            items.withUnsafeBufferPointer { items in
                sorted.withUnsafeMutableBufferPointer { sorted in distribute(items, into: sorted, shift: shift) }
            }
            swap(&items, &sorted)
        }
        return items.map { Int($0.position) }
    }

    private static func distribute(
        _ items: UnsafeBufferPointer<Item>,
        into sorted: UnsafeMutableBufferPointer<Item>,
        shift: Int
    ) {
        let digits = 1 << digitBits
        withUnsafeTemporaryAllocation(of: Int.self, capacity: digits) { starts in
            starts.initialize(repeating: 0)
            for item in items { starts[Int(truncatingIfNeeded: item.key >> shift) & (digits - 1)] += 1 }
            var start = 0
            for digit in 0..<digits { (starts[digit], start) = (start, start + starts[digit]) }
            for item in items {
                let digit = Int(truncatingIfNeeded: item.key >> shift) & (digits - 1)
                sorted[starts[digit]] = item
                starts[digit] += 1
            }
        }
    }
}
