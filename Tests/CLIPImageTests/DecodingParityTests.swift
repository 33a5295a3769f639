import CLIPCore
import CLIPImage
import Testing

/// Every decoded byte equals Pillow's, for every format, subsampling, bit depth and orientation among the fixtures.
@Suite struct DecodingParityTests {
    @Test(arguments: ["jpg", "png", "webp"])
    func pixelsAsStoredEqualPillows(_ kind: String) throws {
        let decoder = ImageFileDecoder(options: .init(orientation: .ignore))
        let expectations = try Fixture.expectations().filter { $0.key.hasSuffix(kind) }
        #expect(expectations.count >= 10)
        for (name, expected) in expectations {
            let image = try decoder.decode(Fixture.bytes(name))
            #expect("\(image.format)" == expected.format, "\(name)")
            #expect(image.width == expected.width && image.height == expected.height, "\(name)")
            #expect(Fixture.hash(image.pixels) == expected.pixels, "\(name)")
            if let palette = expected.palette {
                #expect(Fixture.hash(image.palette) == palette, "\(name)")
            }
        }
    }

    @Test(arguments: ["jpg", "png", "webp"])
    func uprightPixelsEqualThoseOfExifTranspose(_ kind: String) throws {
        for (name, expected) in try Fixture.expectations() where name.hasSuffix(kind) {
            let image = try ImageFileDecoder().decode(Fixture.bytes(name))
            #expect(image.width == expected.uprightWidth, "\(name)")
            #expect(image.width * image.height == expected.width * expected.height, "\(name)")
            #expect(Fixture.hash(image.pixels) == expected.uprightPixels, "\(name)")
        }
    }

    @Test func everyPixelFormatIsAmongTheFixtures() throws {
        let formats = try Set(Fixture.expectations().values.map(\.format))
        #expect(formats == Set(PixelImage.Format.allCases.map { "\($0)" }))
    }

    @Test func severalTasksDecodeAtOnce() async throws {
        let decoder = ImageFileDecoder()
        let data = try Fixture.bytes("rgb-420.jpg")
        let expected = try decoder.decode(data)
        try await withThrowingTaskGroup(of: PixelImage.self) { group in
            for _ in 0..<32 {
                group.addTask { try decoder.decode(data) }
            }
            for try await image in group {
                #expect(image == expected)
            }
        }
    }
}
