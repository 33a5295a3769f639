/// A set of image ids in 16 bytes an id, whatever their length.
///
/// Ids are told apart by 128 bits of SipHash with a key chosen anew in each process. Of a billion ids, two share them
/// with a probability below 10⁻²⁰. Ids are compared by their bytes: texts that Unicode calls equivalent may be different
/// files.
public struct ImageIDSet: Sendable {
    private var keys = Set<ImageIDKey>()

    /// Creates a set.
    public init(_ ids: some Sequence<String> = []) {
        for id in ids { insert(id) }
    }

    /// Number of ids.
    public var count: Int { keys.count }

    /// Adds an id.
    ///
    /// - Returns: Whether it was not there yet.
    @discardableResult
    public mutating func insert(_ id: String) -> Bool {
        keys.insert(ImageIDKey(id)).inserted
    }

    /// Whether an id is in the set.
    public func contains(_ id: String) -> Bool {
        contains(ImageIDKey(id))
    }

    /// Whether an id is in the set.
    package func contains(_ key: ImageIDKey) -> Bool {
        keys.contains(key)
    }
}

/// An id, or another text, reduced to 128 bits.
package struct ImageIDKey: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Reduces a text.
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
}
