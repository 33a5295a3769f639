/// How the values of stored vectors are represented.
public enum EmbeddingElementType: String, Sendable, Hashable, CaseIterable {
    /// 32-bit floats: vectors come back as they were given.
    case float32
    /// 16-bit floats: half the size, values rounded to 11 significant bits.
    case float16

    /// Size of a value in a file.
    var byteCount: Int {
        switch self {
        case .float32: MemoryLayout<Float>.size
        case .float16: MemoryLayout<UInt16>.size
        }
    }
}
