internal import CLIPCore
internal import CLIPImage
internal import CLIPImageFormats

/// Every image format, and the metadata that most of them carry.
let imageTargets = [
    image("jpeg", of: ["CLIPImage/JPEG/JPEGFile.swift", "CLIPImage/JPEG/JPEGMarkers.swift", "CJPEG"]),
    image("png", of: ["CLIPImage/PNG", "CPNG", "CLIPImage/Bytes/Inflation.swift"]),
    // Code tables of a crafted lossless file, whose size no header states: ImageFileDecoder.Options.
    image("webp", of: ["CLIPImage/WebP"], mebibytes: 1500),
    image("tiff", of: ["CLIPImageFormats/TIFF", "CTIFF"]),
    image("jpeg-xl", of: ["CLIPImageFormats/JPEGXL"]),
    image("avif", of: ["CLIPImageFormats/AVIF", "CLIPImageFormats/HEIFFormat.swift"]),
    image("heic", of: ["CLIPImageFormats/HEIF", "CYUV/libheif.c"]),
    image("jpeg-2000", of: ["CLIPImageFormats/JPEG2000", "CJPEG2000"]),
    image("bmp", of: ["CLIPImageFormats/BMP"]),
    image("gif", of: ["CLIPImageFormats/GIF"]),
    image("ico", of: ["CLIPImageFormats/ICO"]),
    image("pnm", of: ["CLIPImageFormats/PNM"]),
    FuzzTarget(
        "exif",
        of: ["EXIFDirectory.swift", "EXIFOrientation.swift", "PixelImage+Orientation.swift"].map {
            "CLIPImage/Orientation/\($0)"
        }
    ) { input in
        // The length of the first part, then EXIF and XMP data.
        guard let first = input.first else { return }
        let (exif, xmp) = (input.dropFirst().prefix(Int(first) * 16), input.dropFirst().dropFirst(Int(first) * 16))
        _ = (EXIFOrientation(exif: exif), EXIFOrientation(xmp: xmp))
        let path = ReadingPath(width: 3, height: 2, orientation: EXIFOrientation(exif: exif, xmp: xmp))
        for size in 1...4 {
            let pixels = [UInt8](0..<UInt8(6 * size))
            var turned = [UInt8](repeating: 0, count: pixels.count)
            turned.withUnsafeMutableBufferPointer { path.copy(pixels, to: $0, bytesPerPixel: size) }
            precondition(turned.sorted() == pixels, "a pixel is lost")
        }
    },
    FuzzTarget(
        "resample",
        of: resampling.map { "CLIPCore/Preprocess/\($0).swift" },
        within: .init(mebibytes: 64),
        resample
    ),
]

private let resampling = [
    "ImagePreprocessor", "Resampler", "ResamplingWeights", "SixteenBitResampler", "NearestSampler",
    "PremultipliedAlpha",
    "WhiteBackground", "RGBConversion", "PixelPlane", "ResizeGeometry", "Interpolation+BicubicFilter",
]

/// Small limits keep inputs quick; a decoder that ignores them runs out of the target's memory.
private let maximumMebibytes = 64
private let limits = (pixels: 1 << 17, memory: maximumMebibytes << 20)

/// Decodes files that are known by their content; the seeds are of the named format.
///
/// Beside the documented memory of a decoder, there are the image itself, once more upright, and what preprocessing makes
/// of it.
private func image(_ name: String, of sources: [String], mebibytes: Int = 0) -> FuzzTarget {
    FuzzTarget(name, of: sources, within: .init(mebibytes: maximumMebibytes + 16 + mebibytes, seconds: 20)) { input in
        do {
            try decode(input, allowTruncated: false)
        } catch {
            try decode(input, allowTruncated: true)
        }
    }
}

private func decode(_ input: [UInt8], allowTruncated: Bool) throws {
    let options = ImageFileDecoder.Options(
        allowTruncated: allowTruncated,
        maxPixels: limits.pixels,
        maxMemory: limits.memory
    )
    var image = PixelImage()
    try ImageFileDecoder(options: options, formats: .all).decode(input, into: &image)
    // What comes next reads all pixels.
    let spec = PreprocessingSpec(height: 8, width: 8, resizeMode: .shortest, interpolation: .bicubic)
    var result = [UInt8](repeating: 0, count: spec.byteCount)
    var span = result.mutableSpan
    try ImagePreprocessor(spec: spec).preprocess(image, into: &span)
}

/// Any sizes, pixel formats, modes and filters, from the first bytes.
private func resample(_ input: [UInt8]) throws {
    guard input.count >= 10 else { return }
    let (width, height) = (1 + Int(input[0]) * 4 + Int(input[1]), 1 + Int(input[2]))
    let modes: [PreprocessingSpec.ResizeMode] = [.shortest, .squash, .longest]
    let filters: [PreprocessingSpec.Interpolation] = [.bicubic, .bilinear]
    let formats = PixelImage.Format.allCases
    var spec = PreprocessingSpec(
        height: 1 + Int(input[3]),
        width: 1 + Int(input[4]),
        resizeMode: modes[Int(input[5]) % modes.count],
        interpolation: filters[Int(input[6]) % filters.count]
    )
    spec.convention = input[7] % 2 == 0 ? .openCLIP : .transformers
    let format = formats[Int(input[8]) % formats.count]
    let tail = input[9...]
    let count = format.bytesPerPixel * width * height
    let pixels = (0..<count).map { tail[tail.startIndex + $0 % tail.count] }
    let palette = format == .palette ? (0..<768).map { tail[tail.startIndex + $0 % tail.count] } : []
    let image = PixelImage(width: width, height: height, format: format, pixels: pixels, palette: palette)
    var result = [UInt8](repeating: 0, count: spec.byteCount)
    var span = result.mutableSpan
    try ImagePreprocessor(spec: spec).preprocess(image, into: &span)
}
