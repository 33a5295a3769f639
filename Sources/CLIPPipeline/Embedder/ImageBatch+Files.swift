package import CLIPCore

extension ImageBatch {
    /// Reads, decodes and preprocesses image files.
    ///
    /// Use this for a few images that must all succeed. For many images, of which some may fail, use `EmbeddingRun`.
    ///
    /// - Parameters:
    ///   - paths: The files, in batch order.
    ///   - decoder: Returns the decoder of a file.
    ///   - spec: The preprocessing that the model expects.
    /// - Throws: `CLIPError` that names the first unusable file.
    package init(contentsOf paths: [String], decoder: (String) -> some ImageDecoder, spec: PreprocessingSpec) throws {
        self.init(height: spec.height, width: spec.width, capacity: paths.count)
        let preprocessor = ImagePreprocessor(spec: spec)
        for path in paths {
            let bytes = try FileBytes.read(path)
            do {
                append(try preprocessor.preprocess(decoder(path).decode(bytes)))
            } catch let error as CLIPError {
                throw CLIPError(error.code, "Cannot use \(path).", cause: error)
            }
        }
    }
}
