internal import CLIPCore

extension [StorePart] {
    /// The sum of what each part says of itself: files from elsewhere may say anything.
    ///
    /// - Throws: `CLIPError` with code `corruptData` when it is no 64-bit number.
    func total(_ count: (StorePart) -> Int) throws -> Int {
        try reduce(0) { sum, part in
            let (sum, isTooLarge) = sum.addingReportingOverflow(count(part))
            guard !isTooLarge else {
                throw CLIPError(.corruptData, "\(part.path): with it the store would be larger than any can be.")
            }
            return sum
        }
    }
}
