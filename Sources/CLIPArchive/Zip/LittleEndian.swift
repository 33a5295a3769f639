/// Fields of zip archives, whose numbers start with the lowest byte.
extension [UInt8] {
    /// The number in `count` bytes at an offset, up to 8; `nil` if the array is too short or the number too large.
    func number(at offset: Int, count: Int) -> Int? {
        guard offset >= 0, count <= self.count - offset else { return nil }
        let value = self[offset..<offset + count].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
    }
}
