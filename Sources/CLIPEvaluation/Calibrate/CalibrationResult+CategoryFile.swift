public import CLIPCore

extension CalibrationResult {
    /// Returns the text of a category file with the fitted thresholds and neutral margin.
    ///
    /// Preserves everything else as written: comments, order, spelling, line endings, and the thresholds of skipped
    /// categories. Works on YAML and JSON. Existing numbers are replaced, and missing ones are added. So are the keys
    /// `model_sha256` and, if given, `calibrated_on`, because the numbers are valid for one model only.
    ///
    /// ```swift
    /// let text = "categories:\n  dog: {positive: [a dog], threshold: 0.1} # mine\n"
    /// try result.applied(to: text, name: "my.yaml", model: bundle.model)
    /// // "model_sha256: …\ncategories:\n  dog: {positive: [a dog], threshold: 0.0625} # mine\n"
    /// ```
    ///
    /// - Parameters:
    ///   - text: The contents of the category file.
    ///   - name: The file's name in error messages.
    ///   - model: The model that the images were embedded with.
    ///   - calibratedOn: The SHA-256 of the labels file, by which `clip-cli evaluate` recognizes the same labels.
    /// - Returns: The new text.
    /// - Throws: `CLIPError` with code `invalidCategoryFile` if the text is not a category file, lacks a category, or
    ///   writes a number in a way that cannot be changed in place, such as an alias; `modelMismatch` if a category was
    ///   skipped and its threshold was made for another model.
    public func applied(
        to text: String,
        name: String,
        model: ModelDescription,
        calibratedOn: String? = nil
    ) throws -> String {
        try applied(to: text, name: name, modelIdentity: model.identity, calibratedOn: calibratedOn)
    }

    /// Does the same for a model of which only the identity is known.
    package func applied(
        to text: String,
        name: String,
        modelIdentity: String,
        calibratedOn: String?
    ) throws -> String {
        let file = try CategoryFile(text: text, name: name)
        if let model = file.model, model != modelIdentity, let first = skipped.first {
            throw CLIPError(
                .modelMismatch,
                "\(name): the threshold of category '\(first.name)' belongs to another model, and there are too few labels "
                    + "to fit a new one: \(first.reason). Label more images, or remove the category."
            )
        }
        var edit = CategoryFileEdit()
        for category in categories { edit.thresholds[category.name] = category.threshold }
        edit.neutralMargin = neutralMargin
        edit.model = modelIdentity
        edit.calibratedOn = calibratedOn
        return try edit.applied(to: text, name: name)
    }
}
