internal import CLIPCore

extension CollectionScores {
    /// The row of each id; `nil` if it is not in the collection.
    func rowOfImage(_ wanted: [String]) -> [Int?] {
        // Few ids are worth comparing: those whose number is that of a wanted one.
        let numbers = Set(wanted.map(Self.tieBreaker(of:)))
        let candidates = ids.indices.filter { numbers.contains(tieBreakers[$0]) }
        let rows = Dictionary(candidates.map { (ImageIDKey(ids[$0]), $0) }, uniquingKeysWith: { $1 })
        return wanted.map { rows[ImageIDKey($0)] }
    }

    /// Computes a value for each category, several at a time.
    func inParallel<Value>(_ value: (_ category: Int) -> Value?) -> [Value?] {
        var values = [Value?](repeating: nil, count: categories.count)
        values.withUnsafeMutableBufferPointer { values in
            nonisolated(unsafe) let values = values
            Parallel.forEachRange(of: categories.count, minimum: 1) { range in
                for category in range { values[category] = value(category) }
            }
        }
        return values
    }
}
