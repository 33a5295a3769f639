internal import CLIPCore
package import CLIPReport

extension FailureSample {
    /// Reads the failed images of the last run into a store.
    ///
    /// - Parameters:
    ///   - folder: The store's folder.
    ///   - limit: The maximum number of listed images; all are counted.
    /// - Throws: `CLIPError` with code `corruptData`.
    package init(store folder: String, limit: Int = 500) throws {
        self.init(limit: limit)
        try FailuresFile.forEach(StoreLayout(folder: folder)) { id, stage, reason, _ in
            add(id: id, stage: stage, reason: reason)
        }
    }
}
