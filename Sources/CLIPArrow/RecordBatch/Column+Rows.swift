internal import CLIPCore

extension Column {
    /// Returns consecutive rows.
    func rows(_ rows: Range<Int>) -> Column {
        switch self {
        case .text(let values): return .text(Array(values[rows]))
        case .optionalText(let values): return .optionalText(Array(values[rows]))
        case .choiceLists(let positions, let lengths, let texts):
            let start = lengths[..<rows.lowerBound].reduce(0, +)
            let count = lengths[rows].reduce(0, +)
            return .choiceLists(Array(positions[start..<start + count]), lengths: Array(lengths[rows]), of: texts)
        case .integers(let values): return .integers(Array(values[rows]))
        case .numbers(let values): return .numbers(Array(values[rows]))
        case .booleans(let values): return .booleans(Array(values[rows]))
        case .float(let values): return .float(Array(values[rows]))
        case .optionalFloats(let values): return .optionalFloats(Array(values[rows]))
        case .choice(let positions, let texts): return .choice(Array(positions[rows]), of: texts)
        case .vectors(let values, let dimension, let elementType):
            let part = values[rows.lowerBound * dimension..<rows.upperBound * dimension]
            return .vectors(Array(part), dimension: dimension, elementType: elementType)
        case .masked(let column, let isPresent):
            return .masked(column.rows(rows), isPresent: Array(isPresent[rows]))
        case .bytes(let bytes, let rowBytes):
            return .bytes(Array(bytes[rows.lowerBound * rowBytes..<rows.upperBound * rowBytes]), rowBytes: rowBytes)
        }
    }

    /// The size of each row's texts in bytes; `nil` if it does not matter.
    fileprivate var textBytes: [Int]? {
        switch self {
        case .text(let values): return values.map(\.utf8.count)
        case .optionalText(let values): return values.map { $0?.utf8.count ?? 0 }
        case .choiceLists(let positions, let lengths, let texts):
            // Even an empty item takes an offset.
            let bytes = texts.map { max(1, $0.utf8.count) }
            var rest = positions[...]
            return lengths.map { length in
                defer { rest = rest.dropFirst(length) }
                return rest.prefix(length).reduce(0) { $0 + bytes[Int($1)] }
            }
        case .bytes(_, let rowBytes): return [Int](repeating: rowBytes, count: count)
        case .integers, .numbers, .booleans, .float, .optionalFloats, .choice, .vectors: return nil
        case .masked(let column, _): return column.textBytes
        }
    }
}

extension [Column] {
    /// Splits the columns into tables of consecutive rows, because Arrow addresses texts by 32-bit offsets.
    ///
    /// There is one table unless texts are very long.
    ///
    /// - Parameters:
    ///   - path: The file to be written, for messages.
    ///   - maximumTextBytes: The maximum size of a table's texts in one column.
    /// - Returns: The tables, in row order.
    /// - Throws: `CLIPError` with code `storage` if the texts of one row are too long.
    package func tables(for path: String, maximumTextBytes: Int = Int(Int32.max)) throws -> [[Column]] {
        let bytes = compactMap(\.textBytes).filter { $0.reduce(0, +) > maximumTextBytes }
        guard !bytes.isEmpty else { return [self] }
        var tables = [[Column]]()
        var start = 0
        var sums = bytes.map { _ in 0 }
        for row in bytes[0].indices {
            let own = bytes.map { $0[row] }
            guard own.allSatisfy({ $0 <= maximumTextBytes }) else {
                throw CLIPError(
                    .storage,
                    "\(path): a text has more than \(maximumTextBytes) bytes and cannot be stored. Leave its column out."
                )
            }
            if zip(sums, own).contains(where: { $0 + $1 > maximumTextBytes }) {
                tables.append(map { $0.rows(start..<row) })
                start = row
                sums = own
            } else {
                for index in sums.indices { sums[index] += own[index] }
            }
        }
        tables.append(map { $0.rows(start..<bytes[0].count) })
        return tables
    }
}
