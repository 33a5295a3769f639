internal import CLIPCore
internal import CLIPImage

/// Decodes the codes of a frame, each of which stands for a string of indices (LZW), as Pillow does.
struct GIFDecoder {
    private static let maximumBits = 12

    private var blocks: GIFBlocks
    /// The number of bits of an index; two more codes mean "clear the table" and "end".
    private let indexBits: Int

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
        let table = GIFTable()
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
            guard code <= next, let first = table.append(code, next: next, clear: clear, previous, to: &pixels) else {
                throw Self.unknownCode
            }
            if next < GIFTable.size {
                table.suffixes[next] = first
                table.prefixes[next] = UInt16(truncatingIfNeeded: previous.code)
                if next == 1 << size - 1, size < Self.maximumBits { size += 1 }
                next += 1
            }
            last = (code, first)
        }
        return true
    }

    private static var unknownCode: CLIPError { .damaged("GIF", "its image data has a code that is not defined") }
}

/// The strings that codes stand for.
private struct GIFTable: ~Copyable {
    static let size = 4096

    /// For each code, that of the string without its last index, and the last index.
    let prefixes = UnsafeMutablePointer<UInt16>.allocate(capacity: size)
    let suffixes = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
    /// A string, written from the end.
    private let string = UnsafeMutablePointer<UInt8>.allocate(capacity: size)

    init() {
        // A code that was not defined yet is that of an index.
        prefixes.initialize(repeating: 0, count: Self.size)
        suffixes.initialize(repeating: 0, count: Self.size)
        string.initialize(repeating: 0, count: Self.size)
    }

    deinit {
        prefixes.deallocate()
        suffixes.deallocate()
        string.deallocate()
    }

    /// Appends the string of a code that is defined, or the next one to be defined.
    ///
    /// - Returns: The string's first index, or `nil` if it has none.
    @inline(__always)
    func append(
        _ code: Int,
        next: Int,
        clear: Int,
        _ previous: (code: Int, first: UInt8),
        to pixels: inout GIFPixels
    ) -> UInt8? {
        var start = Self.size
        var code = code
        if code == next {
            // The code about to be defined: the last string and its first index.
            start -= 1
            string[start] = previous.first
            code = previous.code
        }
        while code >= clear {
            guard start > 0, code < Self.size else { return nil }
            start -= 1
            string[start] = suffixes[code]
            code = Int(prefixes[code])
        }
        let first = UInt8(truncatingIfNeeded: code)
        pixels.append(first)
        for index in start..<Self.size { pixels.append(string[index]) }
        return first
    }
}
