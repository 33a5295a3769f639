public import CLIPCore

/// Looks for what an error does not tell of in a category file: descriptions that a model understands otherwise than meant,
/// that contradict or repeat each other, or are cut off.
///
/// ```swift
/// let lint = try PromptLint(contentsOf: "categories.yaml")
/// let findings = try await lint.findings(
///     tokenizer: bundle.tokenizer(), embedder: bundle.textEmbedder(), model: bundle.model
/// )
/// ```
///
/// Bounds are such that it is silent about what most people would call good, and so it does not find everything.
public struct PromptLint: Sendable {
    private let contents: Result<LintedFile, any Error>
    private let name: String

    /// Reads a category file.
    ///
    /// What is wrong with it becomes a finding.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`.
    public init(contentsOf path: String) throws {
        name = path
        let bytes = try FileBytes.read(path, allowsStreams: true)
        contents = Result { try LintedFile(text: CategoryFile.text(bytes, name: path), name: path) }
    }

    /// Takes the text of a category file.
    ///
    /// - Parameters:
    ///   - text: The contents, YAML or JSON.
    ///   - name: What error messages call the file.
    package init(text: String, name: String) {
        self.name = name
        contents = Result { try LintedFile(text: text, name: name) }
    }

    /// What the words alone tell, in the order of the file.
    public func findings() -> [LintFinding] {
        switch contents {
        case .success(let file): (file.wordingFindings + file.structureFindings).inOrder
        case .failure(let error): [LintFinding(unreadable: error, name: name)]
        }
    }

    /// What the words and a model tell, in the order of the file.
    ///
    /// - Parameters:
    ///   - tokenizer: That of the model that the file is for.
    ///   - embedder: Gives that model's vectors.
    ///   - model: The model itself, to tell whether the file's numbers are for another one; `nil` does without.
    /// - Returns: All findings, those of ``findings()`` among them.
    /// - Throws: What tokenizer and embedder throw; `CLIPError` with code `invalidEmbeddings` when the descriptions of a list cancel
    ///   each other out.
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
    /// Reports why a file cannot be read as a category file.
    fileprivate init(unreadable error: any Error, name: String) {
        // Messages of the reader begin with `file:line:column: `, or with `file: `.
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
    /// Sorted by place; of one place, in the order they were found.
    ///
    /// Those without a place come first.
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
