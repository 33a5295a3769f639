package import CLIPCore

/// Writes arrays in NumPy's format (`.npy`, version 1.0).
///
/// A file is complete or absent.
package enum NumPyFile {
    /// Writes vectors: 32-bit floats of shape `(count, dimension)`.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package static func write(_ vectors: EmbeddingMatrix, to path: String) throws {
        try vectors.values.withUnsafeBytes {
            try write($0, type: "<f4", shape: [vectors.count, vectors.dimension], to: path)
        }
    }

    /// Writes images: unsigned 8-bit values of shape `(count, height, width, 3)`.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package static func write(_ images: ImageBatch, to path: String) throws {
        try images.pixels.withUnsafeBytes {
            try write($0, type: "|u1", shape: [images.count, images.height, images.width, 3], to: path)
        }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, type: String, shape: [Int], to path: String) throws {
        let file = try OutputFile(path: path)
        try header(type: type, shape: shape).withUnsafeBytes { try file.write($0) }
        try file.write(bytes)
        try file.close()
    }

    /// The bytes before the values, which are in C order.
    package static func header(type: String, shape: [Int]) -> [UInt8] {
        let sizes = shape.map(String.init).joined(separator: ", ")
        var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
        // The values must start at a multiple of 64 bytes. The header follows 10 bytes and ends with a line feed.
        header += String(repeating: " ", count: (64 - (header.utf8.count + 11) % 64) % 64) + "\n"
        let length = header.utf8.count
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + header.utf8
    }
}
