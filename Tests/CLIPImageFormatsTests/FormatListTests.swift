import CLIPCore
import CLIPImage
import CLIPImageFormats
import Testing

@Suite struct FormatListTests {
    @Test func aFileThatIsNoImageIsNamed() {
        let error = decodingFailure(Array("%PDF-1.7 is not an image".utf8))
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.hasPrefix("This is a PDF file, not a JPEG, PNG") == true)
    }

    @Test func theErrorForAnUnknownFileNamesWhatCanBeRead() {
        let error = decodingFailure(Array("What a lovely picture.\n".utf8))
        #expect(error?.code == .unsupportedFormat)
        for name in ["not a JPEG, PNG", "GIF", "BMP", "TIFF", "PNM", "ICO", "JPEG 2000"] {
            #expect(error?.message.contains(name) == true, "\(name)")
        }
    }
}
