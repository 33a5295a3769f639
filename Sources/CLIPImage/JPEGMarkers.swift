/// Walks over the marker segments of a JPEG file (ITU-T T.81, annex B).
///
/// Bytes between segments, such as entropy-coded data, are skipped, and so are the markers without a length that lie in
/// them: restart markers and stuffed zeros.
struct JPEGMarkers: IteratorProtocol {
    static let startOfScan: UInt8 = 0xDA
    static let endOfImage: UInt8 = 0xD9

    /// A marker and what follows its length field.
    struct Segment {
        let marker: UInt8
        let content: ArraySlice<UInt8>
    }

    private var rest: ArraySlice<UInt8>
    /// Where the marker stands whose segment the data does not have in full.
    private(set) var incompleteSegment: Int?

    init(_ data: ArraySlice<UInt8>) {
        rest = data
    }

    /// Index of the first byte after the last segment.
    var position: Int { rest.startIndex }

    /// The next segment, or nil where the data ends before it does.
    mutating func next() -> Segment? {
        while let prefix = rest.firstIndex(of: 0xFF) {
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
