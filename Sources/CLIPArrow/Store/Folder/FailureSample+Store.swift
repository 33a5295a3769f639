internal import CLIPCore
package import CLIPReport

extension FailureSample {
    /// Reads the images that failed in the last run into a store.
    ///
    /// - Parameters:
    ///   - folder: The store's folder.
    ///   - limit: How many images are listed; all are counted.
    /// - Throws: `CLIPError` with code `corruptData`.
    package init(store folder: String, limit: Int = 500) throws {
        self.init(limit: limit)
        try FailuresFile.forEach(StoreLayout(folder: folder)) { add(id: $0, stage: $1, reason: $2) }
    }
}
