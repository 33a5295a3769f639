/// The data type of stored vectors.
public enum EmbeddingElementType: String, Sendable, Hashable, CaseIterable {
    /// 32-bit floats: vectors are stored exactly.
    case float32
    /// 16-bit floats: half the size, values rounded to 11 significant bits.
    case float16

    /// The size of a value in a file.
    var byteCount: Int {
        switch self {
        case .float32: MemoryLayout<Float>.size
        case .float16: MemoryLayout<UInt16>.size
        }
    }
}
