/// Canonical decomposition and composition, Unicode Standard Annex #15.
///
/// The standard library compares strings by their canonical form but does not expose it, and the library does not
/// depend on the full Foundation; hence a table of decompositions. Combining classes come from the standard library.
enum CanonicalForm {
    /// The canonical decomposition (NFD).
    static func decomposed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        for scalar in text {
            appendDecomposition(of: scalar, to: &result)
        }
        sortMarks(&result)
        return result
    }

    /// The canonical composition (NFC).
    static func composed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        // Below U+0300 nothing combines, and every decomposition recomposes to the same character.
        guard text.contains(where: { $0.value >= 0x300 }) else { return text }
        return composingPairs(decomposed(text))
    }

    private static let decompositions: [Unicode.Scalar: [Unicode.Scalar]] = {
        var result: [Unicode.Scalar: [Unicode.Scalar]] = [:]
        MappingTable.forEachEntry(of: CanonicalDecompositionTable.decompositions) { key, scalars in
            if let scalar = MappingTable.scalar(hexadecimal: key.prefix { $0 != "*" }) { result[scalar] = scalars }
        }
        return result
    }()

    private static let compositions: [Pair: Unicode.Scalar] = {
        var result: [Pair: Unicode.Scalar] = [:]
        MappingTable.forEachEntry(of: CanonicalDecompositionTable.decompositions) { key, scalars in
            // A key with `*` is not a number and is skipped.
            guard scalars.count == 2, let scalar = MappingTable.scalar(hexadecimal: key) else { return }
            result[Pair(first: scalars[0], second: scalars[1])] = scalar
        }
        return result
    }()

    private struct Pair: Hashable {
        let first: Unicode.Scalar
        let second: Unicode.Scalar
    }

    private static func appendDecomposition(of scalar: Unicode.Scalar, to result: inout [Unicode.Scalar]) {
        if scalar.value < 0xC0 {
            result.append(scalar)
        } else if let syllable = HangulSyllable(scalar) {
            result += syllable.jamo
        } else if let parts = decompositions[scalar] {
            for part in parts { appendDecomposition(of: part, to: &result) }
        } else {
            result.append(scalar)
        }
    }

    private static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        scalar.value < 0x300 ? 0 : scalar.properties.canonicalCombiningClass.rawValue
    }

    /// Sorts each run of combining marks by class; equal classes keep their order.
    private static func sortMarks(_ text: inout [Unicode.Scalar]) {
        var start = 0
        while start < text.count {
            guard combiningClass(text[start]) != 0 else {
                start += 1
                continue
            }
            let end = text[start...].firstIndex { combiningClass($0) == 0 } ?? text.count
            let marks = text[start..<end].map { (scalar: $0, order: combiningClass($0)) }
            let sorted = marks.enumerated().sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }
            text.replaceSubrange(start..<end, with: sorted.map(\.element.scalar))
            start = end
        }
    }

    private static func composingPairs(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        var starter: Int?
        var lastClass: UInt8 = 0
        for scalar in text {
            let order = combiningClass(scalar)
            if let index = starter, index == result.count - 1 || lastClass < order,
                let composite = composite(result[index], scalar)
            {
                result[index] = composite
                continue
            }
            if order == 0 { starter = result.count }
            lastClass = order
            result.append(scalar)
        }
        return result
    }

    private static func composite(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        HangulSyllable.composite(first, second) ?? compositions[Pair(first: first, second: second)]
    }
}
