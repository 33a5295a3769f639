import CLIPCore
import CLIPImage
import Testing

@Suite struct ThumbnailTests {
    private func decoded(_ fixture: String, longSide: Int) throws -> PixelImage {
        let jpeg = try ThumbnailMaker(longSide: longSide).thumbnail(of: Fixture.bytes(fixture))
        return try ImageFileDecoder().decode(jpeg)
    }

    @Test func theLongSideIsAsLongAsWantedAndTheAspectRatioStays() throws {
        let original = try ImageFileDecoder().decode(Fixture.bytes("rgb-420.jpg"))
        let longer = max(original.width, original.height)
        let image = try decoded("rgb-420.jpg", longSide: 16)
        #expect(max(image.width, image.height) == 16)
        #expect(image.width == original.width * 16 / longer && image.height == original.height * 16 / longer)
    }

    @Test func smallImagesAreNotEnlarged() throws {
        let image = try decoded("1x1.png", longSide: 160)
        #expect(image.width == 1 && image.height == 1)
    }

    @Test func longStripsKeepAPixel() throws {
        let image = try decoded("wide-20000x20.jpg", longSide: 160)
        #expect(image.width == 160 && image.height == 1)
    }

    @Test(arguments: (1...8).map { "orientation-\($0).jpg" })
    func imagesStandUpright(_ fixture: String) throws {
        let upright = try ImageFileDecoder().decode(Fixture.bytes(fixture))
        let image = try decoded(fixture, longSide: max(upright.width, upright.height))
        try #require(image.width == upright.width && image.height == upright.height)
        let difference = zip(image.pixels, upright.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        // Saving again at quality 75 changes a value by a few steps; a turned image differs by dozens.
        #expect(difference / image.pixels.count < 12)
    }

    @Test(arguments: ["cmyk.jpg", "gray-1.png", "gray-16.png", "palette-4.png", "rgba-8.png", "rgba-lossy.webp"])
    func everyPixelFormatBecomesAJPEGFile(_ fixture: String) throws {
        let image = try decoded(fixture, longSide: 32)
        #expect(image.format == .rgb)
    }
}
