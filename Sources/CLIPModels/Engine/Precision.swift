/// The number format in which an image encoder computes on a CPU.
///
/// A bundle with operators of `libtorch-c` (see `Docs/ExportingModels.md`) holds 32-bit weights, which are packed for
/// this CPU when the encoder is loaded. In every precision a vector has the same bits whatever the other images in its
/// batch. Texts are always embedded in `fp32`, because they are few and an error would shift all scores of a prompt.
public enum Precision: String, Sendable, CaseIterable {
    /// 32-bit floats: the vectors of the original model.
    case fp32
    /// Products of 16-bit floats, on CPUs with instructions for them.
    case bf16
    /// Products of 8-bit integers, the fastest, with ranges of activations found at export.
    case int8
}
