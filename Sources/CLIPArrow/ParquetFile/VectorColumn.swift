internal import CLIPCore
internal import CParquet

/// Reads a column of vectors from start to end directly from a file's pages.
///
/// Arrow takes several times as long, because it checks where each list starts.
final class VectorColumn {
    private let handle: OpaquePointer
    private let dimension: Int
    private let elementType: EmbeddingElementType

    /// Opens a column; `nil` if it does not hold plain values, so that Arrow must read it.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - name: The column's name.
    ///   - dimension: The length of the vectors according to the file's schema.
    ///   - elementType: The type of their values according to the file's schema.
    /// - Throws: `CLIPError` with code `notFound`, `corruptData` if the column has different vectors, or `unreadable`.
    init?(_ file: ParquetFileReader, _ name: String, dimension: Int, elementType: EmbeddingElementType) throws {
        guard let vectors = try file.vectors(name) else { return nil }
        handle = vectors.handle
        self.dimension = dimension
        self.elementType = elementType
        guard vectors.dimension == dimension, vectors.valueBytes == elementType.byteCount else {
            throw CLIPError(
                .corruptData,
                "\(file.path): the column '\(name)' has vectors of \(vectors.dimension) values of \(vectors.valueBytes) "
                    + "bytes, but the schema says \(dimension) of \(elementType.byteCount) bytes."
            )
        }
    }

    deinit {
        pqc_vectors_free(handle)
    }

    /// Finds the next rows without reading their values.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if a value is missing or a vector has another length, or
    ///   `unreadable`.
    func next(_ count: Int) throws -> StoredVectors {
        var rows: OpaquePointer?
        try ParquetCall.read { pqc_vectors_next(handle, count, &rows, $0) }
        guard let rows else { preconditionFailure("rows that were found have a handle") }
        return StoredVectors(rows, count: count, dimension: dimension, elementType: elementType)
    }
}

/// Rows of a ``VectorColumn`` whose values have not been read yet.
// Sendable: the handle is set once, and libparquet-c allows reading from any thread.
final class StoredVectors: @unchecked Sendable {
    private let handle: OpaquePointer
    private let count: Int
    private let dimension: Int
    private let elementType: EmbeddingElementType

    fileprivate init(_ handle: OpaquePointer, count: Int, dimension: Int, elementType: EmbeddingElementType) {
        self.handle = handle
        self.count = count
        self.dimension = dimension
        self.elementType = elementType
    }

    deinit {
        pqc_vector_rows_free(handle)
    }

    /// Reads the values.
    ///
    /// - Throws: `CLIPError` with code `corruptData` or `unreadable`.
    func read() throws -> EmbeddingMatrix {
        switch elementType {
        case .float32: EmbeddingMatrix(dimension: dimension, values: try values())
        case .float16: EmbeddingMatrix(dimension: dimension, values: try values().map(HalfFloat.value))
        }
    }

    private func values<Value: BitwiseCopyable>() throws -> [Value] {
        try [Value](unsafeUninitializedCapacity: count * dimension) { values, initializedCount in
            guard let start = values.baseAddress else { return }
            try ParquetCall.read {
                pqc_vector_rows_read(handle, start, values.count * MemoryLayout<Value>.stride, $0)
            }
            initializedCount = values.count
        }
    }
}
