import CPNG
import Testing

/// `cpng_decode` writes within the sizes that it is given, whatever the file asks for.
///
/// The memory has exactly these sizes, so that the address sanitizer sees a byte too many.
@Suite struct PNGBoundaryTests {
    private static let unwritten: UInt8 = 0xAA

    /// Decodes a fixture into memory of the sizes given.
    private func decode(
        _ name: String,
        pixels pixelBytes: Int,
        palette paletteBytes: Int,
        message messageBytes: Int = 128
    ) throws -> (status: cpng_status, palette: [UInt8]) {
        let data = try Fixture.bytes(name)
        let pixels = UnsafeMutablePointer<UInt8>.allocate(capacity: pixelBytes)
        let palette = UnsafeMutablePointer<UInt8>.allocate(capacity: paletteBytes)
        let message = UnsafeMutablePointer<CChar>.allocate(capacity: messageBytes)
        defer {
            pixels.deallocate()
            palette.deallocate()
            message.deallocate()
        }
        palette.initialize(repeating: Self.unwritten, count: paletteBytes)
        var rows = 0
        let status = cpng_decode(
            data,
            data.count,
            pixels,
            pixelBytes,
            palette,
            paletteBytes,
            &rows,
            message,
            messageBytes
        )
        return (status, Array(UnsafeBufferPointer(start: palette, count: paletteBytes)))
    }

    @Test(arguments: [("rgb", 3), ("rgba", 4), ("rgb-16", 3)], [0, 30, 768])
    func aSuggestedPaletteIsNotWritten(_ image: (name: String, channels: Int), _ paletteBytes: Int) throws {
        let result = try decode(
            "\(image.name)-with-suggested-palette.png",
            pixels: 2 * 2 * image.channels,
            palette: paletteBytes
        )
        #expect(result.status == CPNG_OK)
        #expect(result.palette.allSatisfy { $0 == Self.unwritten })
    }

    @Test(arguments: [("palette-8.png", 768), ("palette-4.png", 48), ("palette-1-interlaced.png", 6)])
    func aPaletteNeedsRoomForEachEntry(_ name: String, _ bytes: Int) throws {
        let whole = try decode(name, pixels: 9 * 13, palette: bytes)
        #expect(whole.status == CPNG_OK)
        let larger = try decode(name, pixels: 9 * 13, palette: bytes + 5)
        #expect(larger.palette == whole.palette + [UInt8](repeating: Self.unwritten, count: 5))
        for fewer in [0, 3, bytes - 1] {
            let result = try decode(name, pixels: 9 * 13, palette: fewer)
            #expect(result.status == CPNG_DAMAGED)
            #expect(result.palette.allSatisfy { $0 == Self.unwritten })
        }
    }

    @Test func pixelsNeedExactlyTheirRoom() throws {
        for bytes in [9 * 13 * 3 - 1, 9 * 13 * 3 + 1, 9 * 13, 9 * 13 * 4, 1] {
            #expect(try decode("rgb-8.png", pixels: bytes, palette: 0).status == CPNG_DAMAGED)
        }
    }

    @Test func aMessageIsCutToItsRoom() throws {
        for bytes in [1, 2, 20] {
            #expect(try decode("rgb-8.png", pixels: 1, palette: 0, message: bytes).status == CPNG_DAMAGED)
        }
    }
}
