internal import CLIPCore
internal import CLIPModels
internal import COpenVINO

extension OpenVINOLibrary {
    /// Reads a network and compiles it for the CPU.
    ///
    /// - Parameters:
    ///   - file: The network's file.
    ///   - part: The number of rows of an input.
    ///   - threads: The number of streams, each of one thread.
    /// - Returns: The compiled network, which the caller frees.
    /// - Throws: `CLIPError` with code `invalidModel` or `inference`.
    func compile(_ file: EncoderFile, part: Int, threads: Int) throws -> OpaquePointer {
        let precision = hint(file.precision)
        var model: OpaquePointer?
        let weights = file.path.dropLast("xml".count) + "bin"
        try check("Cannot load \(file.path)", .invalidModel) {
            functions.core_read_model(core, file.path, String(weights), &model)
        }
        guard let model else { preconditionFailure("a network must have a handle") }
        defer { functions.model_free(model) }
        try fixRows(of: model, path: file.path, to: part)
        var compiled: OpaquePointer?
        try check("Cannot compile \(file.path)", .invalidModel) {
            withUnsafePointer(to: functions) { functions in
                copenvino_compile(functions, core, model, "\(threads)", precision, &compiled)
            }
        }
        guard let compiled else { preconditionFailure("a compiled network must have a handle") }
        return compiled
    }

    /// The number of requests that run at the same time, each on one thread: at most the number of processors.
    ///
    /// - Throws: `CLIPError` with code `inference`.
    func streamCount(of compiled: OpaquePointer) throws -> Int {
        let name = "OPTIMAL_NUMBER_OF_INFER_REQUESTS"
        let text = try string("Cannot read the number of threads") {
            functions.compiled_model_get_property(compiled, name, &$0)
        }
        return max(Int(text) ?? 1, 1)
    }

    /// OpenVINO's name of a precision.
    ///
    /// Networks of 8-bit integers compute the rest in 32-bit floats.
    private func hint(_ precision: Precision) -> String { precision == .bf16 ? "bf16" : "f32" }

    /// Sets the number of rows of a network's input, and leaves its other sizes.
    private func fixRows(of model: OpaquePointer, path: String, to part: Int) throws {
        var port: OpaquePointer?
        try check("\(path) does not have one input", .invalidModel) { functions.model_const_input(model, &port) }
        guard let port else { preconditionFailure("an input must have a handle") }
        defer { functions.output_const_port_free(port) }
        var shape = copenvino_partial_shape()
        try check("Cannot read the shape of the input of \(path)", .invalidModel) {
            functions.port_get_partial_shape(port, &shape)
        }
        defer { functions.partial_shape_free(&shape) }
        guard shape.rank.least > 0, shape.rank.least == shape.rank.most, let sizes = shape.dimensions else {
            throw CLIPError(
                .invalidModel,
                "\(path): the input has no fixed number of dimensions. Export the model again."
            )
        }
        sizes[0] = copenvino_dimension(least: Int64(part), most: Int64(part))
        try check("\(path) does not run on \(part) inputs at a time", .invalidModel) {
            functions.model_reshape_single_input(model, shape)
        }
    }
}
