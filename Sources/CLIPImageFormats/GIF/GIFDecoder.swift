internal import CLIPCore

/// Decodes the codes of a frame, each of which stands for a string of indices (LZW), as Pillow does.
struct GIFDecoder {
    private static let tableSize = 4096
    private static let maximumBits = 12

    private var blocks: GIFBlocks
    /// The number of bits of an index; two more codes mean "clear the table" and "end".
    private let indexBits: Int
    /// For each code, that of the string without its last index, and the last index.
    private var prefixes = [UInt16](repeating: 0, count: tableSize)
    private var suffixes = [UInt8](repeating: 0, count: tableSize)
    /// A string, written from the end.
    private var string = [UInt8](repeating: 0, count: tableSize)

    init(_ blocks: GIFBlocks, indexBits: Int) {
        self.blocks = blocks
        self.indexBits = indexBits
    }

    /// Decodes until all pixels are there.
    ///
    /// - Returns: Whether they are: `false` if the codes end too early.
    /// - Throws: `CLIPError` with code `corruptData` for a code that means nothing.
    mutating func decode(into pixels: inout GIFPixels) throws(CLIPError) -> Bool {
        let clear = 1 << indexBits
        guard indexBits <= Self.maximumBits else { throw Self.unknownCode }
        var size = indexBits + 1
        var next = clear + 2
        var last: (code: Int, first: UInt8)?
        while !pixels.isComplete {
            guard let code = blocks.code(size), code != clear + 1 else { return false }
            if code == clear {
                size = indexBits + 1
                next = clear + 2
                last = nil
                continue
            }
            guard let previous = last else {
                guard code < clear else { throw Self.unknownCode }
                let index = UInt8(truncatingIfNeeded: code)
                pixels.append(index)
                last = (code, index)
                continue
            }
            let first = try write(code, next: next, clear: clear, previous, to: &pixels)
            if next < Self.tableSize {
                suffixes[next] = first
                prefixes[next] = UInt16(previous.code)
                if next == 1 << size - 1, size < Self.maximumBits { size += 1 }
                next += 1
            }
            last = (code, first)
        }
        return true
    }

    /// Appends the string of a code, and returns its first index.
    private mutating func write(
        _ code: Int,
        next: Int,
        clear: Int,
        _ previous: (code: Int, first: UInt8),
        to pixels: inout GIFPixels
    ) throws(CLIPError) -> UInt8 {
        guard code <= next else { throw Self.unknownCode }
        var start = string.count
        var code = code
        if code == next {
            // The code about to be defined: the last string and its first index.
            start -= 1
            string[start] = previous.first
            code = previous.code
        }
        while code >= clear {
            guard start > 0, code < Self.tableSize else { throw Self.unknownCode }
            start -= 1
            string[start] = suffixes[code]
            code = Int(prefixes[code])
        }
        let first = UInt8(truncatingIfNeeded: code)
        pixels.append(first)
        if start < string.count { pixels.append(string[start...]) }
        return first
    }

    private static var unknownCode: CLIPError { .damaged("GIF", "its image data has a code that is not defined") }
}
