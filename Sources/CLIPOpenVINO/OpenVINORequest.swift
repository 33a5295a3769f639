internal import CLIPCore
internal import COpenVINO

/// Runs a compiled network on one part at a time.
///
/// Not for use from several threads at once.
final class OpenVINORequest {
    private let library: OpenVINOLibrary
    private let path: String
    private let handle: OpaquePointer
    private var isRunning = false

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - compiled: The network, which must live as long as the request.
    ///   - path: The network's file, for errors.
    ///   - library: OpenVINO.
    /// - Throws: `CLIPError` with code `inference`.
    init(_ compiled: OpaquePointer, path: String, library: OpenVINOLibrary) throws {
        var request: OpaquePointer?
        try library.check("Cannot run \(path)") {
            library.functions.compiled_model_create_infer_request(compiled, &request)
        }
        guard let request else { preconditionFailure("a created request must have a handle") }
        self.library = library
        self.path = path
        handle = request
    }

    deinit {
        finish()
        library.functions.infer_request_free(handle)
    }

    /// Starts a run on a thread of OpenVINO.
    ///
    /// - Parameters:
    ///   - values: The elements of the first rows; the remaining ones are 0.
    ///   - shape: The sizes of the input.
    /// - Throws: `CLIPError` with code `inference`.
    func start<Element: FixedWidthInteger>(_ values: ArraySlice<Element>, shape: [Int]) throws {
        precondition(!isRunning, "the request is still running")
        try withTensor(library.functions.infer_request_get_input_tensor) { tensor in
            var sizes = shape.map(Int64.init)
            try sizes.withUnsafeMutableBufferPointer { sizes in
                let shape = copenvino_shape(rank: Int64(sizes.count), dimensions: sizes.baseAddress)
                try library.check("\(path) takes no input of shape \(Array(sizes))") {
                    library.functions.tensor_set_shape(tensor, shape)
                }
            }
            let input = try bytes(of: tensor)
            let expected = shape.reduce(1, *) * MemoryLayout<Element>.stride
            guard input.count == expected else {
                throw CLIPError(
                    .inference,
                    "\(path) takes \(input.count) bytes for an input of shape \(shape); expected \(expected)."
                )
            }
            values.withUnsafeBytes { values in
                input.copyMemory(from: values)
                input[values.count...].initializeMemory(as: UInt8.self, repeating: 0)
            }
        }
        try library.check("\(path) failed") { library.functions.infer_request_start_async(handle) }
        isRunning = true
    }

    /// Waits for a run, and copies the vectors of its rows.
    ///
    /// - Parameters:
    ///   - output: A matrix of `dimension` columns.
    ///   - rows: The rows to write.
    ///   - dimension: The expected length of a vector.
    ///   - part: The number of rows that ran, at least that of `rows`.
    /// - Throws: `CLIPError` with code `inference`.
    func read(into output: UnsafeMutableBufferPointer<Float>, _ rows: Range<Int>, _ dimension: Int, _ part: Int) throws
    {
        isRunning = false
        try library.check("\(path) failed") { library.functions.infer_request_wait(handle) }
        try withTensor(library.functions.infer_request_get_output_tensor) { tensor in
            let shape = try shape(of: tensor)
            let result = try bytes(of: tensor)
            guard shape == [part, dimension], result.count == part * dimension * MemoryLayout<Float>.stride else {
                throw CLIPError(
                    .inference,
                    "\(path) returned a tensor of shape \(shape); expected 32-bit floats of shape \([part, dimension])."
                )
            }
            let values = result.bindMemory(to: Float.self)[..<(rows.count * dimension)]
            _ = output[rows.lowerBound * dimension..<rows.upperBound * dimension].update(fromContentsOf: values)
        }
    }

    /// Waits for a run whose result is not needed.
    func finish() {
        guard isRunning else { return }
        isRunning = false
        _ = library.functions.infer_request_wait(handle)
    }

    private func withTensor<Value>(
        _ get: (OpaquePointer, UnsafeMutablePointer<OpaquePointer?>) -> copenvino_status,
        _ body: (OpaquePointer) throws -> Value
    ) throws -> Value {
        var tensor: OpaquePointer?
        try library.check("Cannot run \(path)") { get(handle, &tensor) }
        guard let tensor else { preconditionFailure("a tensor must have a handle") }
        defer { library.functions.tensor_free(tensor) }
        return try body(tensor)
    }

    private func bytes(of tensor: OpaquePointer) throws -> UnsafeMutableRawBufferPointer {
        var data: UnsafeMutableRawPointer?
        var count = 0
        try library.check("Cannot run \(path)") { library.functions.tensor_data(tensor, &data) }
        try library.check("Cannot run \(path)") { library.functions.tensor_get_byte_size(tensor, &count) }
        return UnsafeMutableRawBufferPointer(start: data, count: count)
    }

    private func shape(of tensor: OpaquePointer) throws -> [Int] {
        var shape = copenvino_shape()
        try library.check("Cannot run \(path)") { library.functions.tensor_get_shape(tensor, &shape) }
        defer { _ = library.functions.shape_free(&shape) }
        return UnsafeBufferPointer(start: shape.dimensions, count: Int(shape.rank)).map { Int($0) }
    }
}
