internal import CLIPArrow
internal import CLIPCore

/// What a browser keeps the labels of a store's images under.
///
/// That is the store's path, however it is spelt, and its first image: updating a store keeps both, and a store of other
/// images in the same place has another first image. If the first image is removed or changes, pages begin without labels.
/// Labels say what an image shows, so neither the model nor results matter.
enum LabelStorageKey {
    private struct IsFound: Error {}

    /// - Throws: `CLIPError` if a file is damaged.
    static func text(of path: String) throws -> String {
        var first = ""
        do {
            try ParquetStore(path: path, includesOrigins: true).forEachBlock(rows: 1) { block in
                first = "\(block.ids.first ?? "") \(block.origins.first?.contentHash ?? "")"
                throw IsFound()
            }
        } catch is IsFound {}
        return "\(PathKind.resolved(path) ?? path) \(first)"
    }
}
