extension Array where Element: BitwiseCopyable & ExpressibleByIntegerLiteral {
    /// Resizes the array to `count` elements without releasing memory, so that the next larger image can reuse it.
    ///
    /// The values of the elements are unspecified.
    package mutating func resize(to count: Int) {
        if count > capacity {
            // Release the old memory before allocating the new.
            self = []
            self = Array(repeating: 0, count: count)
        } else if count < self.count {
            removeLast(self.count - count)
        } else {
            append(contentsOf: repeatElement(0, count: count - self.count))
        }
    }
}
