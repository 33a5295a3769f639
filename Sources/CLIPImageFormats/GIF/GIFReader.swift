internal import CGIF
internal import CLIPCore

/// A giflib handle, positioned at the pixels of the first frame.
final class GIFReader {
    /// The file, as giflib's callback reads it.
    private final class Source {
        let data: [UInt8]
        private var position = 0

        init(_ data: [UInt8]) {
            self.data = data
        }

        /// Copies bytes; after the end of the file, zeros, of which giflib takes the first for the end of the pixels.
        ///
        /// So a file whose pixels are complete is read without its end, as in Pillow.
        func read(_ count: Int, to target: UnsafeMutablePointer<UInt8>) {
            let part = data[position..<min(position + count, data.count)]
            part.withUnsafeBufferPointer { part in
                if let start = part.baseAddress { target.update(from: start, count: part.count) }
            }
            (target + part.count).update(repeating: 0, count: count - part.count)
            position += part.count
        }

        var isAtEnd: Bool { position == data.count }
    }

    private let source: Source
    private let file: UnsafeMutablePointer<GifFileType>
    let frame: GIFFrame

    init(_ data: [UInt8]) throws(CLIPError) {
        let source = Source(data)
        var code: Int32 = 0
        let file = DGifOpen(
            Unmanaged.passUnretained(source).toOpaque(),
            { file, target, count in
                guard let context = file?.pointee.UserData, let target else { return 0 }
                Unmanaged<Source>.fromOpaque(context).takeUnretainedValue().read(Int(count), to: target)
                return count
            },
            &code
        )
        guard let file else { throw Self.failure(source, code) }
        do throws(CLIPError) {
            frame = try Self.firstFrame(file, source)
        } catch {
            DGifCloseFile(file, nil)
            throw error
        }
        self.source = source
        self.file = file
    }

    deinit {
        DGifCloseFile(file, nil)
    }

    /// Decodes the next row of the frame.
    ///
    /// - Precondition: `target` has room for a row.
    func readRow(to target: UnsafeMutablePointer<UInt8>) throws(CLIPError) {
        guard DGifGetLine(file, target, Int32(frame.width)) == GIF_OK else {
            throw Self.failure(source, file.pointee.Error)
        }
    }

    private static func failure(_ source: Source, _ code: Int32) -> CLIPError {
        if source.isAtEnd { return .truncated("GIF", source.data) }
        let reason = GifErrorString(code).map { String(cString: $0) } ?? "its image data cannot be decoded"
        return .damaged("GIF", reason)
    }

    /// Reads extensions up to the first frame.
    private static func firstFrame(
        _ file: UnsafeMutablePointer<GifFileType>,
        _ source: Source
    ) throws(CLIPError) -> GIFFrame {
        var transparentIndex: UInt8?
        while !source.isAtEnd {
            var kind = UNDEFINED_RECORD_TYPE
            // Bytes between blocks are skipped, as in Pillow.
            _ = DGifGetRecordType(file, &kind)
            switch kind {
            case EXTENSION_RECORD_TYPE:
                transparentIndex = try readExtension(file, source) ?? transparentIndex
            case IMAGE_DESC_RECORD_TYPE:
                guard DGifGetImageDesc(file) == GIF_OK else { throw failure(source, file.pointee.Error) }
                return GIFFrame(file.pointee, transparentIndex: transparentIndex)
            case TERMINATE_RECORD_TYPE:
                throw .damaged("GIF", "it has no image")
            default:
                continue
            }
        }
        throw .truncated("GIF", source.data)
    }

    /// Reads an extension, and the transparent index if it has one.
    private static func readExtension(
        _ file: UnsafeMutablePointer<GifFileType>,
        _ source: Source
    ) throws(CLIPError) -> UInt8? {
        var code: Int32 = 0
        var block: UnsafeMutablePointer<UInt8>?
        guard DGifGetExtension(file, &code, &block) == GIF_OK else { throw failure(source, file.pointee.Error) }
        var transparentIndex: UInt8?
        // A block starts with its length.
        if code == GRAPHICS_EXT_FUNC_CODE, let block, block[0] >= 4, block[1] & 1 == 1 {
            transparentIndex = block[4]
        }
        while block != nil {
            guard DGifGetExtensionNext(file, &block) == GIF_OK else { throw failure(source, file.pointee.Error) }
        }
        return transparentIndex
    }
}

extension GIFFrame {
    /// Takes the frame whose descriptor giflib read last.
    fileprivate init(_ file: GifFileType, transparentIndex: UInt8?) {
        canvasWidth = Int(file.SWidth)
        canvasHeight = Int(file.SHeight)
        left = Int(file.Image.Left)
        top = Int(file.Image.Top)
        width = Int(file.Image.Width)
        height = Int(file.Image.Height)
        isInterlaced = file.Image.Interlace
        self.transparentIndex = transparentIndex
        palette = (file.Image.ColorMap ?? file.SColorMap).flatMap(Self.palette)
    }

    /// The colours of a table, or `nil` if each is the grey level of its index, which Pillow takes for no palette.
    private static func palette(_ map: UnsafeMutablePointer<ColorMapObject>) -> [UInt8]? {
        let colors = UnsafeBufferPointer(start: map.pointee.Colors, count: Int(map.pointee.ColorCount))
        let isGray = colors.enumerated().allSatisfy { index, color in
            color.Red == index && color.Green == index && color.Blue == index
        }
        return isGray ? nil : colors.flatMap { [$0.Red, $0.Green, $0.Blue] }
    }
}
