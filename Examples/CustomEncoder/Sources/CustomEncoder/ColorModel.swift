import CLIPCore

/// Preprocessing reduces an image to one pixel, its mean colour.
private let onePixel = PreprocessingSpec(height: 1, width: 1, resizeMode: .squash, interpolation: .bilinear)

/// The model of images and texts alike: a colour's direction from mid-grey.
let colorModel = ModelDescription(name: "color", identity: "color 1", embeddingDimension: 3, preprocessing: onePixel)

/// One unit vector per colour, whose red, green and blue are 0…255.
func colorVectors(_ colors: some Sequence<ArraySlice<some BinaryInteger>>) throws -> EmbeddingMatrix {
    try EmbeddingMatrix(rows: colors.map { color in color.map { Float($0) / 127.5 - 1 } }).normalized()
}
