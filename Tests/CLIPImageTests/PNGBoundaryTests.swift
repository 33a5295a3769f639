import CPNG
import Testing

/// `cpng_decode` writes within the sizes that it is given, whatever the file asks for.
///
/// The memory has exactly these sizes, so that the address sanitizer sees a byte too many.
@Suite struct PNGBoundaryTests {
    /// Decodes a fixture into memory of the sizes given.
    private func decode(_ name: String, pixels pixelBytes: Int, message messageBytes: Int = 128) throws -> cpng_status {
        let data = try Fixture.bytes(name)
        let pixels = UnsafeMutablePointer<UInt8>.allocate(capacity: pixelBytes)
        let message = UnsafeMutablePointer<CChar>.allocate(capacity: messageBytes)
        defer {
            pixels.deallocate()
            message.deallocate()
        }
        var rows = 0
        return cpng_decode(data, data.count, 0, pixels, pixelBytes, &rows, message, messageBytes)
    }

    @Test(arguments: [("rgb", 3), ("rgba", 4), ("rgb-16", 3)])
    func aSuggestedPaletteChangesNothing(_ image: (name: String, channels: Int)) throws {
        let name = "\(image.name)-with-suggested-palette.png"
        #expect(try decode(name, pixels: 2 * 2 * image.channels) == CPNG_OK)
    }

    @Test(arguments: ["palette-8.png", "palette-4.png", "palette-1-interlaced.png"])
    func anImageWithAPaletteHasOneBytePerPixel(_ name: String) throws {
        #expect(try decode(name, pixels: 9 * 13) == CPNG_OK)
        #expect(try decode(name, pixels: 9 * 13 * 3) == CPNG_DAMAGED)
    }

    @Test func pixelsNeedExactlyTheirRoom() throws {
        for bytes in [9 * 13 * 3 - 1, 9 * 13 * 3 + 1, 9 * 13, 9 * 13 * 4, 1] {
            #expect(try decode("rgb-8.png", pixels: bytes) == CPNG_DAMAGED)
        }
    }

    @Test func aMessageIsCutToItsRoom() throws {
        for bytes in [1, 2, 20] {
            #expect(try decode("rgb-8.png", pixels: 1, message: bytes) == CPNG_DAMAGED)
        }
    }
}
