internal import CLIPCore
internal import CLIPEvaluation

/// What `--confidence` promises, and when it may not.
extension CalibrateCommand {
    /// Warns of labels that are no random sample, and refuses to promise anything from them, or from labels that the file
    /// was fitted to.
    func check(_ images: LabelledEmbeddings, _ file: CategoryFile, biases: [String]) throws {
        let biases = try biases + (confidence == nil ? [] : fits(file))
        if confidence != nil, !trustLabels { try LabelCheck.requirePromisable(images, biases: biases) }
        LabelCheck.warn(biases)
    }

    /// Says that the margin or the descriptions may depend on the labels, if they may.
    private func fits(_ file: CategoryFile) throws -> [String] {
        guard let labels, let fitted = file.calibratedOn, try fitted == ImageLabels.digest(of: labels) else {
            return []
        }
        return [
            "'calibrate' or 'suggest' has already fitted \(Text.printable(categories)) to these labels, and a promise needs a "
                + "margin and descriptions that do not depend on them. Start from the category file as it was before, or "
                + "label other images."
        ]
    }

    /// What `--confidence` promises.
    func promise() throws -> String? {
        guard let confidence else { return nil }
        return
            "\(try parsedTarget().text) or more in the whole collection, with "
            + "\(ThresholdCalibration.percent(confidence)) confidence for each category."
    }
}
