internal import CLIPCore
internal import CLIPModels
internal import COpenVINO
internal import Synchronization

/// Owns an encoder that OpenVINO has compiled for the CPU.
///
/// It is compiled for parts of a fixed number of rows, each of which runs on one thread; the last part of a batch is
/// padded. So a vector has the same bits whatever the number of threads and, if the network does not mix rows, which the export
/// tests, whatever the batch.
// Sendable: the handles are set once, and the lock allows one run at a time.
final class OpenVINONetwork: EncoderModule, @unchecked Sendable {
    private let library: OpenVINOLibrary
    private let path: String
    private let part: Int
    private let compiled: OpaquePointer
    private let requests: Mutex<[OpenVINORequest]>

    /// Loads a network.
    ///
    /// - Parameters:
    ///   - file: The network's file.
    ///   - threads: The number of threads.
    ///   - library: OpenVINO.
    /// - Throws: `CLIPError` with code `invalidModel` or `inference`.
    init(_ file: EncoderFile, threads: Int, library: OpenVINOLibrary) throws {
        self.library = library
        path = file.path
        part =
            switch file.input {
            case .images(let largestPart): largestPart
            case .texts: 1
            }
        compiled = try library.compile(file, part: part, threads: threads)
        var created = [OpenVINORequest]()
        do {
            for _ in 0..<(try library.streamCount(of: compiled)) {
                created.append(try OpenVINORequest(compiled, path: path, library: library))
            }
        } catch {
            created = []
            library.functions.compiled_model_free(compiled)
            throw error
        }
        requests = Mutex(created)
    }

    deinit {
        // A request refers to what it was created from.
        requests.withLock { $0 = [] }
        library.functions.compiled_model_free(compiled)
    }

    func run<Element: FixedWidthInteger & Sendable>(
        _ values: [Element],
        shape: [Int],
        dimension: Int
    ) throws -> EmbeddingMatrix {
        precondition(values.count == shape.reduce(1, *), "the number of values must match the shape")
        let (rows, rowShape) = (shape[0], Array(shape.dropFirst()))
        let rowCount = rowShape.reduce(1, *)
        let parts = stride(from: 0, to: rows, by: part).map { $0..<min($0 + part, rows) }
        return try requests.withLock { requests in
            // None runs on when this returns, whatever was thrown.
            defer { for request in requests { request.finish() } }
            return try EmbeddingMatrix(count: rows, dimension: dimension) { output in
                for (index, part) in parts.enumerated() {
                    let request = requests[index % requests.count]
                    if index >= requests.count {
                        try request.read(into: output, parts[index - requests.count], dimension, self.part)
                    }
                    let elements = values[part.lowerBound * rowCount..<part.upperBound * rowCount]
                    try request.start(elements, shape: [self.part] + rowShape)
                }
                for index in max(0, parts.count - requests.count)..<parts.count {
                    try requests[index % requests.count].read(into: output, parts[index], dimension, self.part)
                }
            }
        }
    }
}
