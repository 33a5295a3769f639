internal import CLIPCore
internal import CLIPImage
internal import CTIFF

/// The first page of a TIFF file, open in libtiff.
struct TIFFReader {
    private let file: OpaquePointer
    let header: ctiff_header

    /// Opens a file for the duration of a call.
    ///
    /// - Parameters:
    ///   - data: The file.
    ///   - memory: The memory in bytes for decoding. The directory may take four times the file's size, and 1 MiB.
    ///   - body: Reads from the file.
    /// - Returns: What `body` returns.
    /// - Throws: `CLIPError` with code `corruptData` for a damaged directory, and what `body` throws.
    static func withFile<Result>(
        _ data: [UInt8],
        memory: Int = 0,
        _ body: (TIFFReader) throws(CLIPError) -> Result
    ) throws(CLIPError) -> Result {
        let directoryLimit = 4 * data.count + 1 << 20
        guard TIFFDirectorySize(data[...]).bytes <= directoryLimit else {
            throw .damaged("TIFF", "its directory says that it is far larger than the file")
        }
        return try data.withUnsafeBufferPointer { (bytes) throws(CLIPError) in
            guard let start = bytes.baseAddress else { throw .truncated("TIFF", data) }
            var header = ctiff_header()
            var message = [CChar](repeating: 0, count: 256)
            let limit = max(directoryLimit, memory)
            guard let file = ctiff_open(start, bytes.count, limit, &header, &message, message.count) else {
                throw .damaged("TIFF", message.withUnsafeBytes(String.init(cMessage:)))
            }
            defer { ctiff_close(file) }
            return try body(TIFFReader(file: file, header: header))
        }
    }

    /// The orientation according to the directory or, if it does not say, to XMP data.
    var orientation: EXIFOrientation {
        if header.orientation > 0 { return EXIFOrientation(rawValue: Int(header.orientation)) ?? .upright }
        var size = 0
        guard let xmp = ctiff_xmp(file, &size) else { return .upright }
        return EXIFOrientation(xmp: Array(UnsafeBufferPointer(start: xmp, count: size))[...])
    }

    /// Decodes the block that contains the given pixel of a plane.
    func readBlock(
        x: Int,
        y: Int,
        plane: Int,
        into target: UnsafeMutableBufferPointer<UInt8>
    ) throws(CLIPError) {
        guard let start = target.baseAddress,
            ctiff_read_block(file, UInt32(x), UInt32(y), UInt16(plane), start, target.count)
        else { throw failure }
    }

    /// Decodes rows to RGBA.
    func readRGBA(row: Int, rows: Int, into target: UnsafeMutableBufferPointer<UInt8>) throws(CLIPError) {
        guard let start = target.baseAddress,
            ctiff_read_rgba(file, UInt32(row), UInt32(rows), start, target.count)
        else { throw failure }
    }

    /// Reads RGB triples for indices of the file's bits.
    func readPalette(into palette: UnsafeMutableBufferPointer<UInt8>) throws(CLIPError) {
        guard let start = palette.baseAddress, header.bits_per_sample <= 8,
            ctiff_palette(file, start, 1 << Int(header.bits_per_sample))
        else { throw .damaged("TIFF", "it has no palette") }
    }

    /// libtiff's first message about blocks that it has decoded all the same; `nil` if there is none.
    var damage: String? {
        let message = String(cString: ctiff_damage(file))
        return message.isEmpty ? nil : message
    }

    private var failure: CLIPError {
        let message = String(cString: ctiff_message(file))
        return .damaged("TIFF", message.isEmpty ? "its image data cannot be decoded" : message)
    }
}
