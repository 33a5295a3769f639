#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Iterates over the marker segments of a JPEG file (ITU-T T.81, annex B).
///
/// Skips bytes between segments, such as entropy-coded data, and the markers without a length within them: restart
/// markers and stuffed zeros.
struct JPEGMarkers: IteratorProtocol {
    static let startOfScan: UInt8 = 0xDA
    static let endOfImage: UInt8 = 0xD9

    /// A marker and the data after its length field.
    struct Segment {
        let marker: UInt8
        let content: ArraySlice<UInt8>
    }

    private var rest: ArraySlice<UInt8>
    /// The position of the marker whose segment is incomplete, if any.
    private(set) var incompleteSegment: Int?

    init(_ data: ArraySlice<UInt8>) {
        rest = data
    }

    /// The index of the first byte after the last segment.
    var position: Int { rest.startIndex }

    /// The index of the next byte 0xFF.
    private var nextPrefix: Int? {
        rest.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, let found = memchr(start, 0xFF, bytes.count) else { return nil }
            return rest.startIndex + (UnsafeRawPointer(found) - start)
        }
    }

    /// The next segment, or `nil` if the data ends before it is complete.
    mutating func next() -> Segment? {
        while let prefix = nextPrefix {
            guard let code = rest[prefix...].firstIndex(where: { $0 != 0xFF }) else { return nil }
            let marker = rest[code]
            rest = rest[(code + 1)...]
            switch marker {
            case 0x00, 0x01, 0xD0...0xD8:
                continue
            case Self.endOfImage:
                return Segment(marker: marker, content: [])
            default:
                guard let length = rest.number(at: 0, bytes: 2, .big), length >= 2, length <= rest.count else {
                    incompleteSegment = prefix
                    return nil
                }
                let end = rest.startIndex + length
                defer { rest = rest[end...] }
                return Segment(marker: marker, content: rest[(rest.startIndex + 2)..<end])
            }
        }
        return nil
    }
}
