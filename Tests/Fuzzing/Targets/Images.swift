internal import CLIPCore
internal import CLIPImage
internal import CLIPImageFormats

/// Every image format, known by content.
///
/// Small limits keep inputs quick; a decoder that ignores them runs out of libFuzzer's memory.
let imageTargets = [
    FuzzTarget("image") { try decode($0, allowTruncated: false) },
    FuzzTarget("image-truncated") { try decode($0, allowTruncated: true) },
    FuzzTarget("resample") { try resample($0) },
]

private func decode(_ input: [UInt8], allowTruncated: Bool) throws {
    let options = ImageFileDecoder.Options(allowTruncated: allowTruncated, maxPixels: 1 << 20, maxMemory: 256 << 20)
    var image = PixelImage()
    try ImageFileDecoder(options: options, formats: .all).decode(input, into: &image)
    // What comes next reads all pixels.
    let spec = PreprocessingSpec(height: 8, width: 8, resizeMode: .shortest, interpolation: .bicubic)
    var result = [UInt8](repeating: 0, count: spec.byteCount)
    var span = result.mutableSpan
    try ImagePreprocessor(spec: spec).preprocess(image, into: &span)
}

/// Any sizes, modes and filters, from the first bytes.
private func resample(_ input: [UInt8]) throws {
    guard input.count >= 8 else { return }
    let (width, height) = (1 + Int(input[0]) * 4 + Int(input[1]), 1 + Int(input[2]))
    let modes: [PreprocessingSpec.ResizeMode] = [.shortest, .squash, .longest]
    let filters: [PreprocessingSpec.Interpolation] = [.bicubic, .bilinear]
    let spec = PreprocessingSpec(
        height: 1 + Int(input[3]),
        width: 1 + Int(input[4]),
        resizeMode: modes[Int(input[5]) % modes.count],
        interpolation: filters[Int(input[6]) % filters.count]
    )
    let tail = input[7...]
    let pixels = (0..<3 * width * height).map { tail[tail.startIndex + $0 % tail.count] }
    let image = PixelImage(width: width, height: height, format: .rgb, pixels: pixels)
    var result = [UInt8](repeating: 0, count: spec.byteCount)
    var span = result.mutableSpan
    try ImagePreprocessor(spec: spec).preprocess(image, into: &span)
}
