/// A Unicode normalisation form (Unicode Standard Annex #15) for Unicode 9, as in `tokenizers`.
///
/// Later characters neither decompose nor combine with others.
enum NormalForm: String, Sendable {
    case canonicalDecomposition = "NFD"
    case canonicalComposition = "NFC"
    case compatibilityDecomposition = "NFKD"
    case compatibilityComposition = "NFKC"

    /// The text in this form.
    func apply(to text: some Collection<Unicode.Scalar>) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        var run: [Unicode.Scalar] = []
        for scalar in text {
            if Self.isOld(scalar) {
                run.append(scalar)
            } else {
                result += form(run)
                result.append(scalar)
                run.removeAll()
            }
        }
        return result + form(run)
    }

    private func form(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        switch self {
        case .canonicalDecomposition: CanonicalForm.decomposed(text)
        case .canonicalComposition: CanonicalForm.composed(text)
        case .compatibilityDecomposition: CanonicalForm.decomposed(Self.compatible(text))
        case .compatibilityComposition: CanonicalForm.composed(Self.compatible(text))
        }
    }

    private static func isOld(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x300 || scalar.properties.age.map { $0.major <= 9 } ?? true
    }

    private static func compatible(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        for scalar in text {
            if scalar.value >= 0xA0, let parts = decompositions[scalar] {
                result += parts
            } else {
                result.append(scalar)
            }
        }
        return result
    }

    private static let decompositions: [Unicode.Scalar: [Unicode.Scalar]] = {
        var result: [Unicode.Scalar: [Unicode.Scalar]] = [:]
        MappingTable.forEachEntry(of: CompatibilityDecompositionTable.decompositions) { key, scalars in
            if let scalar = MappingTable.scalar(hexadecimal: key) { result[scalar] = scalars }
        }
        return result
    }()
}
