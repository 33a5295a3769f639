internal import CLIPCore
internal import CLIPModels
internal import CTorch

/// Owns a TorchScript module on one device.
///
/// Calls block; use it on an `InferenceThread`.
// Sendable: the handle is set once, and libtorch-c allows runs of one module from any thread.
final class TorchModule: EncoderModule, @unchecked Sendable {
    private let handle: OpaquePointer
    private let path: String
    private let largestPart: Int?

    /// Loads a module.
    ///
    /// - Parameters:
    ///   - file: The module's file.
    ///   - device: The device to run on.
    ///   - largestPart: The number of rows that run together, as `libtorch-c.h` says; `nil` to run all as one batch.
    /// - Throws: `CLIPError` with code `invalidModel`, `device`, `missingLibrary`, `outOfMemory` or
    ///   `inference`.
    init(_ file: EncoderFile, device: TorchDevice, largestPart: Int?) throws {
        var module: OpaquePointer?
        try TorchRuntime.loadModule(quantizedEngine: file.quantizedEngine) {
            try TorchCall.check("Cannot load \(file.path) onto \(device)") {
                ltc_module_load(file.path, device.description, file.precision.rawValue, &module, $0)
            }
        }
        guard let module else { preconditionFailure("a loaded module must have a handle") }
        self.handle = module
        self.path = file.path
        self.largestPart = largestPart
    }

    deinit {
        ltc_module_free(handle)
    }

    /// Runs `forward` on one tensor.
    ///
    /// - Parameters:
    ///   - values: The tensor's elements in row-major order.
    ///   - shape: Its sizes; the first is the expected number of output rows.
    ///   - dimension: The expected length D of the output rows.
    /// - Returns: The output, `shape[0] × D` 32-bit floats.
    /// - Throws: `CLIPError` with code `inference` or `outOfMemory`.
    func run<Element: FixedWidthInteger & Sendable>(
        _ values: [Element],
        shape: [Int],
        dimension: Int
    ) throws -> EmbeddingMatrix {
        precondition(values.count == shape.reduce(1, *), "the number of values must match the shape")
        var output: UnsafeMutablePointer<DLManagedTensor>?
        var sizes = shape.map(Int64.init)
        try values.withUnsafeBytes { bytes in
            try sizes.withUnsafeMutableBufferPointer { sizes in
                var input = DLTensor(
                    data: UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                    device: DLDevice(device_type: kDLCPU, device_id: 0),
                    ndim: Int32(sizes.count),
                    dtype: DLDataType(
                        code: UInt8((Element.isSigned ? kDLInt : kDLUInt).rawValue),
                        bits: UInt8(Element.bitWidth),
                        lanes: 1
                    ),
                    shape: sizes.baseAddress,
                    strides: nil,
                    byte_offset: 0
                )
                try TorchCall.check("\(path) failed") {
                    if let largestPart {
                        ltc_module_run_parts(handle, &input, largestPart, &output, $0)
                    } else {
                        ltc_module_run(handle, nil, &input, 1, &output, $0)
                    }
                }
            }
        }
        defer { ltc_tensor_free(output) }
        guard let tensor = output?.pointee.dl_tensor else { preconditionFailure("a finished run must have an output") }
        return try matrix(from: tensor, rows: shape[0], dimension)
    }

    private func matrix(from tensor: DLTensor, rows: Int, _ dimension: Int) throws -> EmbeddingMatrix {
        let shape = (0..<Int(tensor.ndim)).map { Int(tensor.shape[$0]) }
        let isFloat = tensor.dtype.code == UInt8(kDLFloat.rawValue) && tensor.dtype.bits == 32
        guard isFloat, shape == [rows, dimension] else {
            throw CLIPError(
                .inference,
                "\(path) returned a tensor of shape \(shape); expected 32-bit floats of shape \([rows, dimension])."
            )
        }
        return EmbeddingMatrix(count: rows, dimension: dimension) { values in
            UnsafeMutableRawBufferPointer(values).copyMemory(
                from: UnsafeRawBufferPointer(
                    start: tensor.data.map { $0 + Int(tensor.byte_offset) },
                    count: values.count * MemoryLayout<Float>.stride
                )
            )
        }
    }
}
