import CLIPPipeline
import Testing

/// What a file is by its first bytes, which decides about advice and about columns of images.
@Suite struct FileKindTests {
    private func kind(_ bytes: [UInt8]) -> FileKind { bytes.withUnsafeBytes { FileKind($0) } }

    @Test(
        arguments: [
            [0xFF, 0xD8, 0xFF], Array("P6\n3 2\n255\n".utf8), Array("Pf\n1 1\n-1\n".utf8), Array("GIF89a".utf8),
            [40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0], Array("BM".utf8) + [UInt8](repeating: 0, count: 30),
            [0, 0, 0, 24] + Array("ftypheic".utf8), [0, 0, 0, 24] + Array("ftypavif".utf8), [0xFF, 0x0A],
        ] as [[UInt8]]
    )
    func imagesAreOfEveryFormatThatCanBeRead(_ bytes: [UInt8]) {
        #expect(kind(bytes) == .image)
    }

    @Test(
        arguments: [
            [0, 0, 0, 24] + Array("ftypisom".utf8), [0, 0, 0, 20] + Array("ftypqt  ".utf8), Array("%PDF-1.7\u{1}".utf8),
            Array("RIFF\0\0\0\0WAVE".utf8),
        ] as [[UInt8]]
    )
    func filmsSoundsAndDocumentsAreNoImages(_ bytes: [UInt8]) {
        #expect(kind(bytes) == .other)
    }

    @Test func aTextThatStartsLikeABitmapIsText() {
        #expect(kind(Array("BMW,AUDI,VW\nphotos/1.jpg\n".utf8)) == .text)
    }

    @Test(
        arguments: [
            [0x50, 0x4B, 3, 4], [0x1F, 0x8B], Array("BZh".utf8),
            [UInt8](repeating: 0, count: 257) + Array("ustar".utf8),
        ] as [[UInt8]]
    )
    func archivesAreRecognised(_ bytes: [UInt8]) {
        #expect(kind(bytes) == .archive)
    }

    /// They are to be unpacked, and not to be passed as sources.
    @Test(
        arguments: [
            [0x04, 0x22, 0x4D, 0x18], Array("LZIP".utf8), [0x1F, 0x9D], [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C],
            Array("Rar!\u{1A}\u{7}\u{0}".utf8),
        ] as [[UInt8]]
    )
    func archivesThatCannotBeReadAreToldApart(_ bytes: [UInt8]) {
        #expect(kind(bytes) == .foreignArchive)
    }
}
