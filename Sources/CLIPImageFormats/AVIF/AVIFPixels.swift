internal import CLIPCore
internal import CLIPImage
internal import CLibAVIF
internal import CYUV

/// Converts a decoded AVIF image to the pixels that libavif 1.4 gives, whatever the installed version.
struct AVIFPixels {
    private let image: avifImage
    private let planes: cyuv_image

    init(_ image: avifImage) throws(CLIPError) {
        self.image = image
        guard let luma = image.yuvPlanes.0 else {
            throw .damaged("AVIF", "its image has no luma")
        }
        let isMonochrome = image.yuvFormat == AVIF_PIXEL_FORMAT_YUV400
        let isSubsampled = image.yuvFormat == AVIF_PIXEL_FORMAT_YUV420 || image.yuvFormat == AVIF_PIXEL_FORMAT_YUV422
        planes = cyuv_image(
            y: luma,
            u: isMonochrome ? nil : image.yuvPlanes.1,
            v: isMonochrome ? nil : image.yuvPlanes.2,
            a: image.alphaPlane,
            y_stride: Int(image.yuvRowBytes.0),
            uv_stride: Int(image.yuvRowBytes.1),
            a_stride: Int(image.alphaRowBytes),
            width: image.width,
            height: image.height,
            depth: Int32(image.depth),
            a_depth: Int32(image.depth),
            shift_x: isSubsampled ? 1 : 0,
            shift_y: image.yuvFormat == AVIF_PIXEL_FORMAT_YUV420 ? 1 : 0,
            full_range: image.yuvRange == AVIF_RANGE_FULL
        )
    }

    /// Writes grey pixels for a monochrome image without alpha, otherwise RGB or RGBA.
    func convert(to pixels: UnsafeMutableBufferPointer<UInt8>) throws(CLIPError) {
        guard let start = pixels.baseAddress else { return }
        var planes = planes
        let isGray = planes.u == nil && planes.a == nil
        if !isGray, let constants {
            var chroma = [UInt16](repeating: 0, count: 3 * Int(planes.width))
            cyuv_convert_as_libyuv(&planes, constants, &chroma, start)
        } else {
            let (model, shares) = try self.model
            cyuv_convert_as_libavif(&planes, model, shares.red, shares.blue, start)
        }
        if image.alphaPremultiplied != 0, planes.a != nil { Self.divideByAlpha(pixels) }
    }

    private static let inverses = [0, 0xFFFF] + (2..<255).map { 0x10000 / $0 } + [0x100]

    /// Undoes the multiplication of RGBA by its alpha, with libyuv's fixed-point numbers.
    private static func divideByAlpha(_ pixels: UnsafeMutableBufferPointer<UInt8>) {
        for pixel in stride(from: 0, to: pixels.count, by: 4) {
            let inverse = inverses[Int(pixels[pixel + 3])]
            for channel in pixel..<pixel + 3 {
                pixels[channel] = UInt8(min(255, (257 * Int(pixels[channel]) * inverse) >> 16))
            }
        }
    }

    private var matrix: Int { Int(image.matrixCoefficients) }
    private var primaries: Int { Int(image.colorPrimaries) }

    /// The constants of libyuv for the colours that it knows.
    private var constants: cyuv_constants? {
        // Monochrome images may say that their channels are RGB.
        let matrix = matrix == 0 && planes.u == nil ? 6 : matrix
        let known: Int? =
            switch matrix {
            case 1, 9: matrix
            case 2, 5, 6: 6
            case 12: [1: 1, 2: 1, 5: 6, 6: 6, 9: 9][primaries]
            default: nil
            }
        return switch (known, planes.full_range) {
        case (1, true): cyuv_constants(yg: 16320, yb: 32, ub: 119, ug: 12, vg: 30, vr: 101)
        case (1, false): cyuv_constants(yg: 18997, yb: -1160, ub: 128, ug: 14, vg: 34, vr: 115)
        case (6, true): cyuv_constants(yg: 16320, yb: 32, ub: 113, ug: 22, vg: 46, vr: 90)
        case (6, false): cyuv_constants(yg: 18997, yb: -1160, ub: 128, ug: 25, vg: 52, vr: 102)
        case (9, true): cyuv_constants(yg: 16320, yb: 32, ub: 120, ug: 11, vg: 37, vr: 94)
        case (9, false): cyuv_constants(yg: 19003, yb: -1160, ub: 128, ug: 12, vg: 42, vr: 107)
        default: nil
        }
    }

    /// How other colours become RGB.
    private var model: (cyuv_model, (red: Float, blue: Float)) {
        get throws(CLIPError) {
            switch matrix {
            case 0 where planes.u == nil || planes.shift_x == 0: return (CYUV_IDENTITY, (0, 0))
            case 8 where planes.full_range: return (CYUV_YCGCO, (0, 0))
            case 0, 3, 8, 10, 11, 13...:
                throw .unsupported("AVIF", "colours with matrix \(matrix)")
            default:
                let color = HEIFColor(primaries: primaries, matrix: matrix, isFullRange: true)
                return (CYUV_MATRIX, color.shares ?? (0.299, 0.114))
            }
        }
    }
}
