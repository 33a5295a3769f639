/// The codes in the blocks of a GIF file: each block starts with its length, and the last one is empty.
struct GIFBlocks {
    private let data: UnsafeBufferPointer<UInt8>
    private var position: Int
    /// The position after the current block.
    private var blockEnd: Int
    private var bits: UInt32 = 0
    private var bitCount = 0

    init(_ data: UnsafeBufferPointer<UInt8>, from start: Int) {
        self.data = data
        position = start
        blockEnd = start
    }

    /// The next code of a number of bits, lowest first.
    ///
    /// - Returns: The code, or `nil` after the last block or where the file ends before a block does.
    @inline(__always)
    mutating func code(_ size: Int) -> Int? {
        while bitCount < size {
            if position == blockEnd {
                guard position < data.count else { return nil }
                let length = Int(data[position])
                guard length > 0, position + length < data.count else { return nil }
                position += 1
                blockEnd = position + length
            }
            bits |= UInt32(data[position]) &<< UInt32(truncatingIfNeeded: bitCount)
            position &+= 1
            bitCount &+= 8
        }
        let code = Int(bits & (1 &<< UInt32(truncatingIfNeeded: size) &- 1))
        bits &>>= UInt32(truncatingIfNeeded: size)
        bitCount &-= size
        return code
    }

    /// The position after the last block of a series.
    static func end(of data: [UInt8], at start: Int) -> Int {
        var position = start
        while position < data.count, data[position] != 0 { position += Int(data[position]) + 1 }
        return position + 1
    }
}
