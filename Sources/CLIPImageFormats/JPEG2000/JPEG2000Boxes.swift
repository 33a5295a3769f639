internal import CLIPImage

/// The boxes of a JP2 file or of a box that contains others: a length, a name of four letters, and the content.
struct JPEG2000Boxes: Sequence, IteratorProtocol {
    struct Box {
        let kind: String
        let content: ArraySlice<UInt8>
    }

    private var rest: ArraySlice<UInt8>

    init(_ data: ArraySlice<UInt8>) {
        rest = data
    }

    /// The next box, or `nil` at the end or before a box whose length is impossible.
    ///
    /// A box that is longer than the file ends with it.
    mutating func next() -> Box? {
        guard var length = rest.number(at: 0, bytes: 4, .big), rest.count >= 8 else { return nil }
        var headerBytes = 8
        if length == 1 {
            // The highest bit of a length of 64 bits would make it negative.
            guard let long = rest.number(at: 8, bytes: 8, .big), long >= 16 else { return nil }
            length = long
            headerBytes = 16
        } else if length == 0 {
            length = rest.count
        }
        guard length >= headerBytes else { return nil }
        let kind = String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self)
        let content = rest.prefix(length).dropFirst(headerBytes)
        rest = rest.dropFirst(length)
        return Box(kind: kind, content: content)
    }
}
