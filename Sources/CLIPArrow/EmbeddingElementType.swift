/// How the values of stored vectors are represented.
public enum EmbeddingElementType: String, Sendable, Hashable, CaseIterable {
    /// 32-bit floats: vectors come back as they were given.
    case float32
    /// 16-bit floats: half the size, values rounded to 11 significant bits.
    case float16
}
