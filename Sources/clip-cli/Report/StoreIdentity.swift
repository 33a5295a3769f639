internal import CLIPArrow
internal import CLIPCore

/// What tells a store from others in a browser, which keeps labels for the images of a store.
///
/// That is its path and its first image: updating a store keeps both, and a store of other images in the same place has
/// another first image. Labels say what an image shows, so neither the model nor results matter.
enum StoreIdentity {
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
        let absolute = path.hasPrefix("/") ? path : "\(WorkingDirectory.path)/\(path)"
        return "\(absolute) \(first)"
    }
}
