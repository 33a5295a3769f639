internal import CLIPArrow

extension ParquetStore {
    /// Warns if the store lacks images because its last run was interrupted.
    func warnIfIncomplete() {
        guard !isComplete else { return }
        let text = "\(name) is incomplete: its last run was interrupted after \(count) images. Rerun 'embed' to resume."
        Terminal.printError("warning: \(Text.printable(text))")
    }
}
