public import CLIPCore

/// Finds likely mistakes in a valid category file: descriptions that the model misunderstands, that contradict or
/// repeat each other, or that are truncated.
///
/// ```swift
/// let lint = try PromptLint(contentsOf: "categories.yaml")
/// let findings = try await lint.findings(
///     tokenizer: bundle.tokenizer(), embedder: bundle.textEmbedder(), model: bundle.model
/// )
/// ```
///
/// The limits are chosen so that good files produce no findings. As a result, not every mistake is found.
public struct PromptLint: Sendable {
    private let contents: Result<LintedFile, any Error>
    private let name: String

    /// Reads a category file.
    ///
    /// A malformed file produces a finding, not an error.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`.
    public init(contentsOf path: String) throws {
        name = path
        let bytes = try FileBytes.read(path, allowsStreams: true)
        contents = Result { try LintedFile(text: CategoryFile.text(bytes, name: path), name: path) }
    }

    /// Creates a lint of the text of a category file.
    ///
    /// - Parameters:
    ///   - text: The contents, YAML or JSON.
    ///   - name: The file's name in error messages.
    package init(text: String, name: String) {
        self.name = name
        contents = Result { try LintedFile(text: text, name: name) }
    }

    /// Findings from the text alone, in file order.
    public func findings() -> [LintFinding] {
        switch contents {
        case .success(let file): (file.wordingFindings + file.structureFindings).inOrder
        case .failure(let error): [LintFinding(unreadable: error, name: name)]
        }
    }

    /// Findings from the text and a model, in file order.
    ///
    /// Truncated descriptions are found with the tokenizers of `CLIPTokenizers` only: a tokenizer of your own does not
    /// tell what it truncates.
    ///
    /// - Parameters:
    ///   - tokenizer: The tokenizer of the model that the file is for.
    ///   - embedder: The text embedder of that model.
    ///   - model: The model, to check whether the file's numbers were fitted for it; `nil` to skip that check.
    /// - Returns: All findings, including those of ``findings()``.
    /// - Throws: What the tokenizer and the embedder throw; `CLIPError` with code `invalidEmbeddings` if the vectors of
    ///   a list cancel out.
    public func findings(
        tokenizer: any Tokenizer,
        embedder: some TextEmbedding,
        model: ModelDescription? = nil
    ) async throws -> [LintFinding] {
        guard case .success(let file) = contents else { return findings() }
        let lengths = try file.lengthFindings(tokenizer)
        let identity = model.map(file.modelFindings) ?? []
        return (findings() + identity + lengths + (try await file.meaningFindings(embedder))).inOrder
    }
}

extension LintFinding {
    /// Creates a finding for a file that cannot be read as a category file.
    fileprivate init(unreadable error: any Error, name: String) {
        // The reader's messages begin with `file:line:column: ` or `file: `.
        var text = ((error as? CLIPError)?.message ?? "\(error)")[...]
        var position: Position?
        if text.hasPrefix("\(name):") {
            text = text.dropFirst(name.count + 1)
            let parts = text.split(separator: ":", maxSplits: 2)
            if parts.count == 3, let line = Int(parts[0]), let column = Int(parts[1]) {
                position = Position(line: line, column: column)
                text = parts[2]
            }
        }
        let message = String(text.drop { $0 == " " })
        self.init(.error, .invalidFile, at: position, message)
    }
}

extension [LintFinding] {
    /// Sorted by position, then in the order found.
    ///
    /// Findings without a position come first.
    fileprivate var inOrder: [LintFinding] {
        enumerated().sorted {
            let places = ($0.element.position, $1.element.position)
            switch places {
            case (let first?, let second?) where first != second:
                return (first.line, first.column) < (second.line, second.column)
            case (nil, _?): return true
            case (_?, nil): return false
            default: return $0.offset < $1.offset
            }
        }.map(\.element)
    }
}
