internal import CLIPCore

/// Tells the files of stores from other files, such as the tables in a folder that a store is inside of.
package struct StoreFileFilter {
    /// Folders, and whether a file in them says that it is a store's.
    private var folders = [[UInt8]: Bool]()

    package init() {}

    /// Whether a file has the name of a store's file and is in a folder with a store.
    ///
    /// Other programs use the same names, so that the first such file of each folder is opened.
    ///
    /// - Parameter path: The file.
    /// - Returns: Whether it is a store's.
    package mutating func isOfStore(_ path: String) -> Bool {
        guard StoreLayout.isOwn(String(PendingFile.parts(of: path).name)) else { return false }
        let folder = Array(PendingFile.folder(of: path).utf8)
        if let known = folders[folder] { return known }
        guard let file = try? ParquetFileReader(path: path) else { return false }
        let isOfStore = Provenance.isRecorded(in: file)
        folders[folder] = isOfStore
        return isOfStore
    }
}
