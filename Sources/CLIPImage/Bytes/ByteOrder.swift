/// The order of the bytes in a number.
package enum ByteOrder {
    case big
    case little
}

extension ArraySlice<UInt8> {
    /// The unsigned number of `count` bytes at `offset` from the start of the slice, or `nil` if the slice is too
    /// short.
    package func number(at offset: Int, bytes count: Int, _ order: ByteOrder) -> Int? {
        guard offset >= 0, offset <= self.count - count else { return nil }
        let start = startIndex + offset
        var value = 0
        for index in 0..<count {
            value = value << 8 | Int(self[start + (order == .big ? index : count - 1 - index)])
        }
        return value
    }
}
