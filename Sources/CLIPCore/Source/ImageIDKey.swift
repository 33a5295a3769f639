/// A 128-bit hash of an id or another text.
package struct ImageIDKey: Hashable, Comparable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Hashes a text.
    package init(_ text: String) {
        var text = text
        (high, low) = text.withUTF8 { bytes in
            var first = Hasher()
            first.combine(bytes: UnsafeRawBufferPointer(bytes))
            var second = Hasher()
            second.combine(UInt8(1))
            second.combine(bytes: UnsafeRawBufferPointer(bytes))
            return (
                UInt64(truncatingIfNeeded: first.finalize()), UInt64(truncatingIfNeeded: second.finalize())
            )
        }
    }

    /// Assigns the key to one of `count` groups of about equal size.
    package func bucket(of count: Int) -> Int {
        Int(high % UInt64(count))
    }

    package static func < (left: ImageIDKey, right: ImageIDKey) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
