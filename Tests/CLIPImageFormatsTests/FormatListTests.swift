import CLIPCore
import CLIPImage
import CLIPImageFormats
import Testing

@Suite struct FormatListTests {
    @Test func theErrorForAnUnknownFileNamesWhatCanBeRead() {
        let error = decodingFailure(Array("What a lovely picture.\n".utf8))
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.contains("not a JPEG, PNG") == true)
    }
}
