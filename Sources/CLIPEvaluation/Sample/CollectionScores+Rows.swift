internal import CLIPCore

extension CollectionScores {
    /// The row of each id; `nil` if it is not in the collection.
    func rowOfImage(_ wanted: [String]) -> [Int?] {
        let positions = Dictionary(uniqueKeysWithValues: Set(wanted.map(ImageIDKey.init)).map { ($0, -1) })
        var rows = positions
        for (row, id) in ids.enumerated() {
            let key = ImageIDKey(id)
            if rows[key] != nil { rows[key] = row }
        }
        return wanted.map { id in rows[ImageIDKey(id)].flatMap { $0 >= 0 ? $0 : nil } }
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
