internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport

/// An existing file at an output's path, whose contents show whether the tool wrote it.
struct OwnFile {
    private let path: String

    /// An existing file, or `nil` if nothing can be lost: no file, an empty one, or a device, which is refused elsewhere.
    init?(path: String) {
        guard (try? PathKind(path)) == .file, (try? PathKind.isStream(path)) == false,
            (try? FileBytes.size(path)) != 0
        else { return nil }
        self.path = path
    }

    /// Whether a command wrote it as a result: Parquet, CSV, JSON Lines or a report.
    var isResult: Bool {
        if ParquetResultTable.isWritten(path) { return true }
        let head = head
        return ResultTextHead(head).isResult || HTMLReport.isWritten(head)
    }

    /// Whether it is a labels file, which a person may have filled in, whoever wrote it.
    var isLabels: Bool { ResultTextHead(head).isLabels }

    /// Whether it is a file of a store or a copy of one, which may be all that is left of its vectors.
    var isOfStore: Bool { ParquetResultTable.isOfStore(path) }

    /// Whether it is a category file that 'calibrate' wrote.
    var isCalibrated: Bool { (try? CategoryFile(contentsOf: path))?.model != nil }

    private var head: [UInt8] { (try? FileBytes.head(of: path, count: ResultTextHead.size)) ?? [] }
}
