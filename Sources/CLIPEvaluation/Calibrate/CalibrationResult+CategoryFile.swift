internal import CLIPCore

extension CalibrationResult {
    /// Returns the text of a category file with the fitted thresholds and neutral margin.
    ///
    /// Preserves everything else as written: comments, order, spelling, line endings, and the thresholds of skipped
    /// categories. Works on YAML and JSON. Existing numbers are replaced, and missing ones are added. So are the key
    /// `model_sha256`, because the numbers are valid for the calibration's model only, and, if given, `calibrated_on`.
    ///
    /// ```swift
    /// let text = "categories:\n  dog: {positive: [a dog], threshold: 0.1} # mine\n"
    /// try result.applied(to: text, name: "my.yaml")
    /// // "model_sha256: …\ncategories:\n  dog: {positive: [a dog], threshold: 0.0625} # mine\n"
    /// ```
    ///
    /// - Parameters:
    ///   - text: The contents of the category file.
    ///   - name: The file's name in error messages.
    ///   - calibratedOn: The SHA-256 of the labels file, by which `clip-cli evaluate` recognizes the same labels.
    /// - Returns: The new text.
    /// - Throws: `CLIPError` with code `invalidCategoryFile` if the text is not a category file, lacks a category, or
    ///   writes a number in a way that cannot be changed in place, such as an alias; `modelMismatch` if the file was
    ///   calibrated for another model and would keep one of its numbers: the threshold of a skipped category, or the
    ///   margin.
    public func applied(to text: String, name: String, calibratedOn: String? = nil) throws -> String {
        let file = try CategoryFile(text: text, name: name)
        if let model = file.model, model != modelIdentity { try requireNothingKept(of: file, name: name) }
        var edit = CategoryFileEdit()
        for category in categories { edit.thresholds[category.name] = category.threshold }
        edit.neutralMargin = neutralMargin
        edit.model = modelIdentity
        edit.calibratedOn = calibratedOn
        return try edit.applied(to: text, name: name)
    }

    private func requireNothingKept(of file: CategoryFile, name: String) throws {
        if let first = skipped.first {
            throw CLIPError(
                .modelMismatch,
                "\(name): the threshold of category '\(first.name)' belongs to another model, and there are too few labels "
                    + "to fit a new one: \(first.reason). Label more images, or remove the category."
            )
        }
        let hasNeutralTest = file.categories.contains { ScoreDefinition($0, in: file).needsNeutral }
        guard neutralMargin == nil, hasNeutralTest else { return }
        throw CLIPError(
            .modelMismatch,
            "\(name): the neutral_margin \(file.neutralMargin) belongs to another model, and neither a background quantile nor a "
                + "confidence changes it. Set one for this model and remove 'model_sha256', or calibrate with labels."
        )
    }
}
