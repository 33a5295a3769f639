/// UTF-8 text that grows at its end, in memory that is reused after ``removeAll()``.
package struct TextBuffer: Sendable {
    @usableFromInline
    var storage = [UInt8]()
    /// The length in bytes.
    @usableFromInline
    package internal(set) var count = 0

    /// Creates an empty text.
    package init() {}

    /// Creates a text that `body` writes.
    package init(_ body: (inout TextBuffer) -> Void) {
        body(&self)
    }

    /// The text as a string.
    package var string: String { withBytes { String(decoding: $0, as: UTF8.self) } }

    /// Calls `body` with the bytes of the text.
    package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try storage.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[..<count])) }
    }

    /// Empties the text and keeps its memory.
    package mutating func removeAll() {
        count = 0
    }

    /// Appends one ASCII character.
    @inlinable
    package mutating func append(ascii character: Unicode.Scalar) {
        append(upTo: 1) { end in
            end.pointee = UInt8(ascii: character)
            return 1
        }
    }

    /// Appends a string.
    package mutating func append(_ string: String) {
        var string = string
        string.withUTF8 { append($0) }
    }

    /// Appends another text.
    package mutating func append(_ text: TextBuffer) {
        text.withBytes { append($0) }
    }

    /// Appends a part of another text.
    package mutating func append(_ text: TextBuffer, _ range: Range<Int>) {
        text.withBytes { append(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// Removes the last character if it is a certain ASCII character.
    package mutating func removeLast(ascii character: Unicode.Scalar) {
        if count > 0, storage[count - 1] == UInt8(ascii: character) { count -= 1 }
    }

    /// Appends bytes of valid UTF-8.
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        append(upTo: bytes.count) { end in
            end.update(from: start, count: bytes.count)
            return bytes.count
        }
    }

    /// Appends bytes of valid UTF-8, except those that `isSpecial` selects: `append` appends something in their place.
    package mutating func append(
        _ bytes: UnsafeBufferPointer<UInt8>,
        replacing isSpecial: (UInt8) -> Bool,
        with append: (inout TextBuffer, UInt8) -> Void
    ) {
        var rest = bytes[...]
        while let special = rest.firstIndex(where: isSpecial) {
            self.append(UnsafeBufferPointer(rebasing: rest[..<special]))
            append(&self, rest[special])
            rest = rest[(special + 1)...]
        }
        self.append(UnsafeBufferPointer(rebasing: rest))
    }

    /// Appends the bytes that `body` writes.
    ///
    /// - Parameters:
    ///   - limit: The maximum number of bytes that `body` writes.
    ///   - body: Writes bytes and returns how many of them belong to the text.
    @inlinable
    package mutating func append(upTo limit: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        if storage.count - count < limit { grow(by: limit) }
        let end = count
        count += storage.withUnsafeMutableBufferPointer { body($0.baseAddress.unsafelyUnwrapped + end) }
    }

    @usableFromInline
    mutating func grow(by size: Int) {
        let old = storage.count
        storage.append(contentsOf: repeatElement(0, count: max(size, old)))
    }
}
