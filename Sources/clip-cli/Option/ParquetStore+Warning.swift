internal import CLIPArrow

extension ParquetStore {
    /// Says when the store lacks images that an interrupted run did not come to.
    func warnIfIncomplete() {
        guard !isComplete else { return }
        let text = "\(name) is from a run that was interrupted: \(count) images are in it, others are not."
        Terminal.printError("warning: \(Text.printable(text))")
    }
}
