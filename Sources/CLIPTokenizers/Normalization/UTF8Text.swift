/// Operations on text as valid UTF-8.
enum UTF8Text {
    /// The number of bytes of the scalar that starts with a byte.
    static func length(startingWith byte: UInt8) -> Int {
        byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    }

    /// The scalars of a text.
    static func scalars(_ bytes: some Collection<UInt8>) -> String.UnicodeScalarView {
        String(decoding: bytes, as: UTF8.self).unicodeScalars
    }

    /// Appends a scalar.
    static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
    }

    /// The first scalar; `nil` for an empty text.
    static func firstScalar(of bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        bytes.first.flatMap { scalars(bytes.prefix(length(startingWith: $0))).first }
    }

    /// The last scalar; `nil` for an empty text.
    static func lastScalar(of bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        bytes.lastIndex { $0 & 0xC0 != 0x80 }.flatMap { scalars(bytes[$0...]).first }
    }

    /// The text without leading White_Space.
    static func withoutLeadingSpace(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while let scalar = firstScalar(of: rest), scalar.properties.isWhitespace {
            rest = rest.dropFirst(UTF8.width(scalar))
        }
        return rest
    }

    /// The text without trailing White_Space.
    static func withoutTrailingSpace(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes
        while let scalar = lastScalar(of: rest), scalar.properties.isWhitespace {
            rest = rest.dropLast(UTF8.width(scalar))
        }
        return rest
    }
}
