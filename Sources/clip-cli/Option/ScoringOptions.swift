internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation
internal import CLIPModels

/// Options for scoring images.
struct ScoringOptions: ParsableArguments {
    @OptionGroup var exemplars: ExemplarOptions
    @OptionGroup(title: "Model") var model: ModelOptions

    /// The input files.
    var files: [String?] { exemplars.files + [model.path] }

    /// A classifier for a store.
    ///
    /// - Parameters:
    ///   - file: The category file.
    ///   - name: Its name in messages.
    ///   - store: The store whose images are scored.
    ///   - others: Categories of other files, which the labels may name as well.
    /// - Returns: The classifier.
    /// - Throws: `ValidationError` when a rule has no exemplars, `CLIPError` when store, category file and model do not
    ///   match.
    func classifier(
        _ file: CategoryFile,
        named name: String,
        for store: ParquetStore,
        besides others: [String] = []
    ) async throws -> Classifier {
        try exemplars.requireEnough(for: file, named: name)
        let bundle = try model.bundle(for: store)
        return try await file.classifier(named: name, bundle, on: model.engine(for: bundle)) {
            let names = file.categories.map(\.name)
            return try exemplars.exemplars(for: names + others.filter { !names.contains($0) }, in: store)
        }
    }
}

extension CategoryFile {
    /// A classifier with a model.
    ///
    /// - Throws: `CLIPError` when file and model do not match; what `exemplars` throws.
    func classifier(
        named name: String,
        _ bundle: ModelBundle,
        on engine: InferenceEngine,
        exemplars: () throws -> Exemplars?
    ) async throws -> Classifier {
        for category in categoriesWithoutBias {
            let text = "\(name): the logit_bias has no effect on category '\(category)', which has negatives"
            Terminal.printError("warning: \(Text.printable(text))")
        }
        try requireModel(name: bundle.model.name, identity: bundle.model.identity, file: name)
        let bank = try await PromptBank(
            self,
            embedder: bundle.textEmbedder(on: engine),
            exemplars: exemplars()
        )
        return try Classifier(self, bank: bank)
    }
}

extension ScoringOptions {
    /// These options for another command that scores with a category file, whose rules learn from `labels` unless
    /// `--exemplars` says otherwise.
    func options(for file: CategoryFile, labels: String? = nil) -> [(name: String, value: String?)] {
        let learns = file.categories.contains { file.rule(of: $0).learnsFromImages }
        return [
            ("--exemplars", learns ? exemplars.exemplars ?? labels : nil),
            ("--exemplar-store", learns ? exemplars.exemplarStore : nil), model.option,
        ]
    }
}

extension ModelOptions {
    /// The model that a store was made with.
    ///
    /// - Throws: `CLIPError` when another model was chosen.
    func bundle(for store: ParquetStore) throws -> ModelBundle {
        store.warnIfIncomplete()
        let bundle = try bundle(of: store.provenance)
        try store.provenance.requireModel(bundle.model, store: store.name)
        return bundle
    }
}

/// Labelled images for rules that learn from images.
struct ExemplarOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Labels file for the rules that learn from labelled images: nearest-exemplar, exemplar-mean and linear-probe.",
            valueName: "file"
        )
    )
    var exemplars: String?

    @Option(
        help: ArgumentHelp(
            "Store that holds the labelled images, if it is not the one being scored.",
            valueName: "store"
        )
    )
    var exemplarStore: String?

    func validate() throws {
        guard exemplars != nil || exemplarStore == nil else {
            throw ValidationError("--exemplar-store needs --exemplars.")
        }
    }

    /// Requires labelled images when a rule learns from them.
    func requireEnough(for file: CategoryFile, named name: String) throws {
        guard exemplars == nil,
            let category = file.categories.first(where: { file.rule(of: $0).learnsFromImages })
        else { return }
        throw ValidationError(
            "\(name): the rule '\(file.rule(of: category).name)' of category '\(category.name)' learns from labelled images. "
                + "Pass a labels file with --exemplars."
        )
    }

    /// The input files.
    var files: [String?] { [exemplars, exemplarStore] }

    /// The labels that rules learn from, whichever store the vectors of their images come from.
    func labels() throws -> ImageLabels? {
        try exemplars.map { try ImageLabels(contentsOf: $0) }
    }

    /// The labelled images, or `nil` when none are named.
    ///
    /// - Throws: `CLIPError` when labels and store do not fit, or the stores come from different models.
    func exemplars(for categories: [String], in store: ParquetStore) throws -> Exemplars? {
        guard exemplars != nil else { return nil }
        let source = try exemplarStore.map { try ParquetStore(path: $0) } ?? store
        guard source.provenance.modelIdentity == store.provenance.modelIdentity else {
            throw CLIPError(
                .modelMismatch,
                "\(source.name) and \(store.name) were made with different models: \(source.provenance.modelName) and "
                    + "\(store.provenance.modelName)."
            )
        }
        return try exemplars(for: categories, from: source)
    }

    /// The labelled images of the store that `--exemplar-store` names.
    ///
    /// - Throws: `CLIPError` when labels and store do not fit, or the store comes from another model.
    func exemplars(for file: CategoryFile, with model: ModelDescription) throws -> Exemplars? {
        guard let exemplarStore else { return nil }
        let source = try ParquetStore(path: exemplarStore)
        try source.provenance.requireModel(model, store: source.name)
        return try exemplars(for: file.categories.map(\.name), from: source)
    }

    private func exemplars(for categories: [String], from store: ParquetStore) throws -> Exemplars? {
        guard let labels = try labels() else { return nil }
        return Exemplars(try LabelledEmbeddings(labels, categories: categories, store: store))
    }
}
