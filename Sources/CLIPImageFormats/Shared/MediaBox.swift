internal import CLIPCore
internal import CLIPImage

/// A box of a file that follows ISO/IEC 14496-12, such as HEIC, AVIF and JPEG 2000.
struct MediaBox {
    /// Four characters.
    let type: String
    let content: ArraySlice<UInt8>

    /// The boxes in a row at the start of `bytes`.
    ///
    /// Files have a few dozen; boxes beyond 65,536 are left out.
    ///
    /// - Parameters:
    ///   - bytes: A file, or the content of a box.
    ///   - mayBeCut: Whether the last box may be longer than `bytes`, and then ends with them.
    /// - Returns: Boxes up to one whose length is impossible.
    static func all(in bytes: ArraySlice<UInt8>, mayBeCut: Bool = false) -> some Sequence<MediaBox> {
        sequence(state: bytes) { rest in next(&rest, mayBeCut) }.prefix(1 << 16)
    }

    private static func next(_ rest: inout ArraySlice<UInt8>, _ mayBeCut: Bool) -> MediaBox? {
        guard rest.count >= 8, let size = rest.number(at: 0, bytes: 4, .big) else { return nil }
        let type = String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self)
        let header = size == 1 ? 16 : 8
        let length = size == 1 ? rest.number(at: 8, bytes: 8, .big) ?? 0 : size == 0 ? rest.count : size
        guard length >= header, mayBeCut || length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(length) }
        return MediaBox(type: type, content: rest.prefix(length).dropFirst(header))
    }

    /// A reader of the contents.
    var fields: MediaBoxFields { MediaBoxFields(rest: content, type: type) }
}

/// Reads the numbers of a box, one after the other.
struct MediaBoxFields {
    private(set) var rest: ArraySlice<UInt8>
    let type: String

    /// The next big-endian number of at most eight bytes.
    mutating func number(_ bytes: Int) throws(CLIPError) -> Int {
        guard let value = rest.number(at: 0, bytes: bytes, .big), value >= 0 else { throw damage }
        rest = rest.dropFirst(bytes)
        return value
    }

    mutating func bytes(_ count: Int) throws(CLIPError) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw damage }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// The version and flags with which many boxes start.
    mutating func version() throws(CLIPError) -> (version: Int, flags: Int) {
        (try number(1), try number(3))
    }

    var damage: CLIPError {
        CLIPError.damaged("HEIC", "its box \"\(type)\" is too short or has impossible numbers")
    }
}
