internal import CLIPCore
internal import CLIPEvaluation

/// What `--confidence` promises, and when it may not.
extension CalibrateCommand {
    /// Warns of labels that are no random sample, and refuses to promise anything from them, or from labels that the file
    /// was fitted to.
    func check(_ images: LabelledEmbeddings, _ file: CategoryFile, biases: [String]) throws {
        if confidence != nil {
            if !trustLabels { try LabelCheck.requirePromisable(images, biases: biases) }
            try requireOtherLabels(than: file)
        }
        LabelCheck.warn(biases)
    }

    /// Requires labels that the margin and the descriptions do not depend on, as far as the file tells.
    private func requireOtherLabels(than file: CategoryFile) throws {
        guard let labels, let fitted = file.calibratedOn else { return }
        let name = Text.printable(categories)
        guard try fitted == ImageLabels.digest(of: labels) else {
            return Terminal.printError(
                "warning: \(name) was fitted to labels before. The promise holds only if none of them is among these."
            )
        }
        let reason =
            "'calibrate' or 'suggest' has already fitted \(name) to these labels, and a promise needs a margin and "
            + "descriptions that do not depend on them"
        guard trustLabels else {
            throw CLIPError(
                .calibration,
                "Nothing can be promised: \(reason). Start from the category file as it was before, or label other "
                    + "images. If --confidence has fitted it, which changes thresholds alone, repeat the command with "
                    + "--trust-labels."
            )
        }
        Terminal.printError("warning: \(reason).")
    }

    /// What `--confidence` promises.
    func promise() throws -> String? {
        guard let confidence else { return nil }
        return
            "\(try parsedTarget().text) or more in the whole collection, with "
            + "\(ThresholdCalibration.percent(confidence)) confidence for each category."
    }
}
