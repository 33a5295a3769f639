internal import CLIPCore

extension [StorePart] {
    /// The sum of the parts' counts, which are untrusted if files come from elsewhere.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if the sum does not fit in 64 bits.
    func total(_ count: (StorePart) -> Int) throws -> Int {
        try reduce(0) { sum, part in
            let (sum, isTooLarge) = sum.addingReportingOverflow(count(part))
            guard !isTooLarge else {
                throw CLIPError(.corruptData, "\(part.path): its size would make the store impossibly large.")
            }
            return sum
        }
    }
}
