internal import CLIPArrow

extension ParquetStore {
    /// Warns if the store lacks images because its last run was interrupted, or because all of them failed.
    func warnIfIncomplete() {
        if let reason = try? whyAllFailed() {
            warn("\(name) has no vectors: \(reason)")
        } else if !isComplete {
            warn("\(name) is incomplete: its last run was interrupted after \(count) images. Rerun 'embed' to resume.")
        }
    }

    private func warn(_ text: String) {
        Terminal.printError("warning: \(Text.printable(text))")
    }
}
