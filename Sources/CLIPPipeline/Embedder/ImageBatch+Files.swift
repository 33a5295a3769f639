package import CLIPCore

extension ImageBatch {
    /// Reads, decodes and preprocesses image files.
    ///
    /// For some images that are all needed; `EmbeddingRun` is for many, of which some may be bad.
    ///
    /// - Parameters:
    ///   - paths: The files, in the order of the batch.
    ///   - decoder: Decodes them.
    ///   - spec: What the model wants.
    /// - Throws: `CLIPError` that names the first file that cannot be used.
    package init(contentsOf paths: [String], decoder: some ImageDecoder, spec: PreprocessingSpec) throws {
        self.init(height: spec.height, width: spec.width, capacity: paths.count)
        let preprocessor = ImagePreprocessor(spec: spec)
        for path in paths {
            let bytes = try FileBytes.read(path)
            do {
                append(try preprocessor.preprocess(decoder.decode(bytes)))
            } catch let error as CLIPError {
                throw CLIPError(error.code, "Cannot use \(path).", cause: error)
            }
        }
    }
}
