internal import CLIPCore

/// Decodes runs of indices (BI_RLE4, BI_RLE8) as Pillow does.
///
/// Pixels are written in the order of the file; what the file skips is zero.
struct BitmapRuns {
    private let width: Int
    private let height: Int
    private let isTopDown: Bool
    private let pixels: UnsafeMutableBufferPointer<UInt8>
    private var written = 0

    init(width: Int, height: Int, isTopDown: Bool, pixels: UnsafeMutableBufferPointer<UInt8>) {
        self.width = width
        self.height = height
        self.isTopDown = isTopDown
        self.pixels = pixels
    }

    private var isFull: Bool { written == width * height }

    private mutating func append(_ value: UInt8) {
        guard !isFull else { return }
        let (row, x) = written.quotientAndRemainder(dividingBy: width)
        pixels[(isTopDown ? row : height - 1 - row) * width + x] = value
        written += 1
    }

    private mutating func skip(_ count: Int) {
        for _ in 0..<min(count, width * height - written) { append(0) }
    }

    /// Reads runs of indices until the image is complete.
    ///
    /// - Returns: Whether it is.
    mutating func read(_ file: UnsafeBufferPointer<UInt8>, from start: Int, bits: Int) -> Bool {
        var position = start
        // The column according to the runs, which differs from that of `written` in files that overrun a row.
        var column = 0
        while !isFull, position + 1 < file.count {
            let (count, value) = (Int(file[position]), file[position + 1])
            position += 2
            switch (count, value) {
            case (0, 0):
                skip((width - written % width) % width)
                column = 0
            case (0, 1):
                return false
            case (0, 2):
                guard position + 1 < file.count else { return false }
                skip(Int(file[position]) + Int(file[position + 1]) * width)
                column = written % width
                position += 2
            case (0, _):
                let literal = min(width * height - written, Int(value))
                let bytes = bits == 4 ? (literal + 1) / 2 : literal
                guard position + bytes <= file.count else { return false }
                for index in 0..<literal { append(Self.index(index, file, position, bits)) }
                column += Int(value)
                position += bytes
                position += position % 2
            default:
                let run = column + count > width ? max(0, width - column) : count
                for index in 0..<run {
                    append(bits == 4 ? (index.isMultiple(of: 2) ? value >> 4 : value & 15) : value)
                }
                column += run
            }
        }
        return isFull
    }

    private static func index(_ index: Int, _ file: UnsafeBufferPointer<UInt8>, _ start: Int, _ bits: Int) -> UInt8 {
        guard bits == 4 else { return file[start + index] }
        let byte = file[start + index / 2]
        return index.isMultiple(of: 2) ? byte >> 4 : byte & 15
    }
}
