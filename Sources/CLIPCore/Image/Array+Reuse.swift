extension Array where Element: BitwiseCopyable & ExpressibleByIntegerLiteral {
    /// Makes the array `count` long without giving memory back, so that the next larger image finds it again.
    ///
    /// The elements have any values.
    package mutating func resize(to count: Int) {
        if count > capacity {
            // The old memory goes before the new is taken.
            self = []
            self = Array(repeating: 0, count: count)
        } else if count < self.count {
            removeLast(self.count - count)
        } else {
            append(contentsOf: repeatElement(0, count: count - self.count))
        }
    }
}
