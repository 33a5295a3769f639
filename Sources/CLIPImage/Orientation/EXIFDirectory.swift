/// The first directory of EXIF data, read as Pillow 13 does: tolerantly, up to the first entry that lies outside the
/// data.
struct EXIFDirectory {
    /// What a directory says about the orientation.
    enum Orientation {
        /// There is an entry, or the data cannot be read at all; `nil` if its value is not an integer.
        case found(Int?)
        /// There is no usable entry.
        case missing
    }

    private static let orientationTag = 0x0112
    private static let prefix = "Exif\0\0".utf8
    /// The headers that Pillow knows: TIFF's own two, the same with swapped bytes, and BigTIFF's for big-endian data,
    /// whose directories it reads like TIFF's.
    private static let headers: [(bytes: [UInt8], order: ByteOrder)] = [
        ([0x4D, 0x4D, 0, 0x2A], .big), ([0x49, 0x49, 0x2A, 0], .little),
        ([0x4D, 0x4D, 0x2A, 0], .big), ([0x49, 0x49, 0, 0x2A], .little),
        ([0x4D, 0x4D, 0, 0x2B], .big),
    ]

    let orientation: Orientation

    /// Reads EXIF data: a TIFF header and its first directory, optionally preceded by `Exif\0\0` once or twice.
    init(_ data: ArraySlice<UInt8>) {
        var tiff = data
        for _ in 0..<2 where tiff.starts(with: Self.prefix) { tiff = tiff.dropFirst(Self.prefix.count) }
        guard !tiff.isEmpty else {
            orientation = .missing
            return
        }
        guard let order = Self.headers.first(where: { tiff.starts(with: $0.bytes) })?.order,
            let start = tiff.number(at: 4, bytes: 4, order)
        else {
            orientation = .found(nil)
            return
        }
        orientation = Self.orientation(in: tiff, at: start, order)
    }

    private static func orientation(in tiff: ArraySlice<UInt8>, at start: Int, _ order: ByteOrder) -> Orientation {
        let entries = tiff.number(at: start, bytes: 2, order) ?? 0
        var claimed = 0
        for index in 0..<entries {
            let entry = tiff.dropFirst(start + 2 + 12 * index).prefix(12)
            guard entry.count == 12,
                let tag = entry.number(at: 0, bytes: 2, order),
                let type = entry.number(at: 2, bytes: 2, order).map(TIFFType.init(rawValue:)),
                let count = entry.number(at: 4, bytes: 4, order),
                let offset = entry.number(at: 8, bytes: 4, order)
            else { return .missing }
            guard let type, count > 0 else { continue }
            let size = count * type.size
            var value = entry.dropFirst(8).prefix(size)
            if size > 4 {
                claimed += size
                // Entries that claim more than there is are left out; an entry outside the data ends the directory.
                if claimed > tiff.count { continue }
                value = tiff.dropFirst(offset).prefix(size)
                if value.count < size { return .missing }
            }
            if tag == orientationTag { return .found(type.integer(value, order)) }
        }
        return .missing
    }
}

/// The types of values in a TIFF directory.
private enum TIFFType: Int {
    case byte = 1
    case ascii, short, long, rational, signedByte, undefined, signedShort, signedLong, signedRational, float, double
    case directory
    case long8 = 16

    /// The number of bytes of one value.
    var size: Int {
        switch self {
        case .byte, .ascii, .signedByte, .undefined: 1
        case .short, .signedShort: 2
        case .long, .signedLong, .float, .directory: 4
        case .rational, .signedRational, .double, .long8: 8
        }
    }

    /// The first value if it is an integer; `nil` for the types that Pillow reads as bytes or text.
    func integer(_ data: ArraySlice<UInt8>, _ order: ByteOrder) -> Int? {
        func bits(_ bytes: Int, at offset: Int = 0) -> Int? { data.number(at: offset, bytes: bytes, order) }
        switch self {
        case .byte, .ascii, .undefined: return nil
        case .signedByte: return bits(1).map { Int(Int8(truncatingIfNeeded: $0)) }
        case .short: return bits(2)
        case .signedShort: return bits(2).map { Int(Int16(truncatingIfNeeded: $0)) }
        case .long, .directory: return bits(4)
        case .signedLong: return bits(4).map { Int(Int32(truncatingIfNeeded: $0)) }
        case .long8: return bits(8)
        case .float: return bits(4).flatMap { Int(exactly: Float(bitPattern: UInt32(truncatingIfNeeded: $0))) }
        case .double: return bits(8).flatMap { Int(exactly: Double(bitPattern: UInt64(bitPattern: Int64($0)))) }
        case .rational: return Self.quotient(bits(4), bits(4, at: 4))
        case .signedRational:
            let terms = [bits(4), bits(4, at: 4)].map { $0.map { Int(Int32(truncatingIfNeeded: $0)) } }
            return Self.quotient(terms[0], terms[1])
        }
    }

    private static func quotient(_ numerator: Int?, _ denominator: Int?) -> Int? {
        guard let numerator, let denominator, denominator != 0, numerator % denominator == 0 else { return nil }
        return numerator / denominator
    }
}
