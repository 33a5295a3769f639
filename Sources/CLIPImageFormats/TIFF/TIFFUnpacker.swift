internal import CLIPCore

/// Converts a row of samples to pixels.
struct TIFFUnpacker {
    private let layout: TIFFLayout
    /// The number of samples per stored pixel.
    private let samples: Int
    /// Whether rows have one channel each.
    private let isPlanar: Bool

    init(_ layout: TIFFLayout, samples: Int, isPlanar: Bool) {
        self.layout = layout
        self.samples = samples
        self.isPlanar = isPlanar
    }

    /// The number of bytes that a row needs.
    func bytes(columns: Int) -> Int {
        let bits =
            switch layout {
            case .bilevel: 1
            case .levels(let bits, _): bits
            case .indices(let bits, let step): bits * step
            case .numbers(.uint12): 12
            case .numbers(.uint16), .numbers(.int16): 16
            case .numbers(.int32), .numbers(.float32): 32
            case .channels(let format, let isWide, _):
                (isPlanar ? 1 : max(samples, format.bytesPerPixel)) * (isWide ? 16 : 8)
            case .lumaChroma: 24
            case .converted: 0
            }
        return (columns * bits + 7) / 8
    }

    /// Converts a row.
    ///
    /// - Parameters:
    ///   - row: At least ``bytes(columns:)`` bytes, in this machine's byte order.
    ///   - columns: The number of pixels.
    ///   - pixels: The image.
    ///   - first: The index of the first pixel in the image.
    ///   - plane: The channel, if each has its own rows.
    func unpack(
        _ row: UnsafeBufferPointer<UInt8>,
        _ columns: Int,
        to pixels: UnsafeMutableBufferPointer<UInt8>,
        at first: Int,
        plane: Int
    ) {
        switch layout {
        case .bilevel(let zero):
            for x in 0..<columns {
                pixels[first &+ x] = row[x / 8] << UInt8(x % 8) & 0x80 == 0 ? zero : ~zero
            }
        case .levels(let bits, let isInverted):
            let flip: UInt8 = isInverted ? 255 : 0
            let scale = UInt8(255 / (1 << bits - 1))
            for x in 0..<columns {
                pixels[first &+ x] = (Self.bits(row, x, bits) &* scale) ^ flip
            }
        case .indices(let bits, let step):
            for x in 0..<columns { pixels[first &+ x] = Self.bits(row, x &* step, bits) }
        case .numbers(let number):
            let bytes = UnsafeRawBufferPointer(row)
            for x in 0..<columns { Self.store(bytes, x, number, at: first &+ x, in: pixels) }
        case .channels(let format, let isWide, let isPremultiplied):
            unpackChannels(row, columns, format.bytesPerPixel, isWide: isWide, to: pixels, at: first, plane)
            if isPremultiplied, !isPlanar {
                Self.divideByAlpha(pixels, first..<first + columns, channels: format.bytesPerPixel)
            }
        case .lumaChroma:
            for x in 0..<columns {
                let color = LumaChroma.rgb(row[3 &* x], row[3 &* x &+ 1], row[3 &* x &+ 2])
                let target = 3 &* (first &+ x)
                (pixels[target], pixels[target &+ 1], pixels[target &+ 2]) = color
            }
        case .converted:
            preconditionFailure("libtiff converts these pixels")
        }
    }

    /// Completes an image whose planes are all there.
    func finishPlanes(_ pixels: UnsafeMutableBufferPointer<UInt8>) {
        guard case .channels(let format, _, true) = layout else { return }
        Self.divideByAlpha(pixels, 0..<pixels.count / format.bytesPerPixel, channels: format.bytesPerPixel)
    }

    private func unpackChannels(
        _ row: UnsafeBufferPointer<UInt8>,
        _ columns: Int,
        _ channels: Int,
        isWide: Bool,
        to pixels: UnsafeMutableBufferPointer<UInt8>,
        at first: Int,
        _ plane: Int
    ) {
        let sampleBytes = isWide ? 2 : 1
        // Of a wide sample, the high byte.
        #if _endian(little)
        let offset = sampleBytes - 1
        #else
        let offset = 0
        #endif
        if isPlanar {
            for x in 0..<columns { pixels[(first &+ x) &* channels &+ plane] = row[x &* sampleBytes &+ offset] }
            return
        }
        if samples == channels, !isWide {
            let target = UnsafeMutableBufferPointer(rebasing: pixels[(first * channels)...])
            _ = target.update(fromContentsOf: row.prefix(columns * channels))
            return
        }
        let step = samples * sampleBytes
        for x in 0..<columns {
            for channel in 0..<channels {
                pixels[(first &+ x) &* channels &+ channel] = row[x &* step &+ channel &* sampleBytes &+ offset]
            }
        }
    }

    /// The sample at an index of a row of 1, 2, 4 or 8 bits per sample.
    @inline(__always)
    private static func bits(_ row: UnsafeBufferPointer<UInt8>, _ index: Int, _ bits: Int) -> UInt8 {
        guard bits < 8 else { return row[index] }
        let perByte = 8 / bits
        let shift = 8 &- bits &* (index % perByte &+ 1)
        return row[index / perByte] >> UInt8(shift) & UInt8(1 << bits &- 1)
    }

    private static func store(
        _ row: UnsafeRawBufferPointer,
        _ index: Int,
        _ number: TIFFNumber,
        at target: Int,
        in pixels: UnsafeMutableBufferPointer<UInt8>
    ) {
        switch number {
        case .uint12:
            let pair = index / 2 * 3
            let value =
                index.isMultiple(of: 2)
                ? Int(row[pair]) << 4 | Int(row[pair + 1]) >> 4 : Int(row[pair + 1] & 15) << 8 | Int(row[pair + 2])
            Gray16.store(value, at: target, in: pixels)
        case .uint16:
            Gray16.store(Int(row.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)), at: target, in: pixels)
        case .int16:
            Gray16.store(Int(row.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self)), at: target, in: pixels)
        case .int32:
            Gray16.store(Int(row.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self)), at: target, in: pixels)
        case .float32:
            Gray16.store(row.loadUnaligned(fromByteOffset: 4 * index, as: Float.self), at: target, in: pixels)
        }
    }

    /// Divides colours by alpha, the last channel, as Pillow does.
    private static func divideByAlpha(
        _ pixels: UnsafeMutableBufferPointer<UInt8>,
        _ range: Range<Int>,
        channels: Int
    ) {
        for pixel in range {
            let start = pixel &* channels
            let alpha = Int(pixels[start &+ channels &- 1])
            for index in start..<start &+ channels &- 1 {
                pixels[index] = alpha == 0 ? 0 : UInt8(min(255, Int(pixels[index]) &* 255 / alpha))
            }
        }
    }
}
