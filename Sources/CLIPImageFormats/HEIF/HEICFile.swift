internal import CLIPCore
internal import CLIPImage

/// A HEIC file: an image coded as HEVC, or composed of such, decoded with libde265.
///
/// Its transformations are part of the image, so they are always done; the orientation in its EXIF data repeats them.
struct HEICFile: ImageFile {
    let width: Int
    let height: Int
    let orientation = EXIFOrientation.upright
    private let container: HEIFContainer
    private let alpha: Int?
    private let configuration: HEVCConfiguration
    /// That of the image and its opacity.
    private let cost: HEIFCost

    /// Reads the header.
    init(_ container: HEIFContainer) throws(CLIPError) {
        self.container = container
        (width, height) = try container.size(of: container.primary)
        configuration = try container.configuration(of: container.primary)
        alpha = container.alpha(of: container.primary)
        var cost = try container.cost(of: container.primary)
        if let alpha {
            guard try container.coding(of: alpha) == "hvc1" else {
                throw .damaged("HEIC", "the opacity of its image is not coded as HEVC")
            }
            cost = cost + (try container.cost(of: alpha))
            if try container.size(of: alpha) != (width, height) {
                let bytes = try container.configuration(of: alpha).bytesPerSample
                cost.memory = cost.memory + DecodingMemory(pixels: width, height, bytesPerPixel: bytes)
            }
        }
        self.cost = cost
    }

    /// Coded images have whole blocks of up to 64 × 64 pixels, from which files crop the image.
    var decodedSize: (width: Int, height: Int) {
        let (whole, shown) = ([cost.largest.width, cost.largest.height].sorted(), [width, height].sorted())
        return zip(whole, shown).allSatisfy { $0 - $1 < 64 } ? (width, height) : cost.largest
    }

    var format: PixelImage.Format {
        guard alpha == nil else { return .rgba }
        guard configuration.chroma == 0 else { return .rgb }
        return configuration.depth > 8 ? .gray16 : .gray
    }

    func codecMemory() -> DecodingMemory { cost.memory }

    func work() -> DecodingWork { cost.work }

    func decode(into image: inout PixelImage, allowTruncated: Bool) throws(CLIPError) {
        let planes = try container.planes(of: container.primary)
        guard planes.color.isSupported else {
            throw .unsupported("HEIC", "colours with matrix \(planes.color.matrix)")
        }
        guard (planes.width, planes.height) == (width, height) else {
            throw .damaged("HEIC", "its image has another size than its header says")
        }
        var opacity: ColorPlanes?
        if let alpha {
            opacity = try container.planes(of: alpha)
            if opacity?.width != planes.width || opacity?.height != planes.height {
                opacity?.scale(width: planes.width, height: planes.height)
            }
        }
        let format = format
        image.replace(width: width, height: height, format: format) { pixels, _ in
            if format == .rgb || format == .rgba {
                planes.convert(with: opacity, to: pixels)
                if container.isPremultiplied(container.primary) { pixels.divideByAlpha() }
            } else {
                planes.copyLuma(to: pixels)
            }
        }
        image.damage = planes.damage ?? opacity?.damage
    }
}

extension UnsafeMutableBufferPointer<UInt8> {
    /// Undoes the multiplication of RGBA by its alpha, as Pillow does.
    func divideByAlpha() {
        for pixel in stride(from: 0, to: count, by: 4) {
            let alpha = Int(self[pixel + 3])
            guard alpha != 0, alpha != 255 else { continue }
            for channel in pixel..<pixel + 3 { self[channel] = UInt8(Swift.min(255, 255 * Int(self[channel]) / alpha)) }
        }
    }
}
