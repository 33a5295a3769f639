import CLIPArrow
import CLIPCore
import Testing

/// Arrow finds the texts of a column by 32-bit offsets.
@Suite struct LongTextTests {
    private let columns: [Column] = [
        .text(["aaa", "bb", "c", "", "ddddd"]), .optionalText([nil, "xx", "yyyy", "z", nil]),
        .integers([1, 2, nil, 4, 5]), .vectors([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], dimension: 2, elementType: .float32),
        .choiceLists([0, 1, 0, 0, 1, 1], lengths: [2, 0, 1, 3, 0], of: ["p", "qq"]), .numbers([1, 2, 3, 4, nil]),
        .booleans([true, nil, false, true, false]), .float([1, 2, 3, 4, 5]), .choice([0, 1, 1, 0, 0], of: ["p", "q"]),
    ]

    @Test(arguments: [5, 6, 10, 11])
    func noTableHasMoreTextThanAllowedAndTogetherTheyHaveAllRows(limit: Int) throws {
        let tables = try columns.tables(for: "a.parquet", maximumTextBytes: limit)
        #expect((tables.count == 1) == (limit == 11))
        for table in tables {
            for column in table {
                switch column {
                case .text(let values): #expect(values.map(\.utf8.count).reduce(0, +) <= limit)
                case .optionalText(let values): #expect(values.map { $0?.utf8.count ?? 0 }.reduce(0, +) <= limit)
                case .choiceLists(let positions, let lengths, let texts):
                    #expect(positions.map { texts[Int($0)].utf8.count }.reduce(0, +) <= limit)
                    #expect(lengths.reduce(0, +) == positions.count)
                default: break
                }
            }
        }
        let joined = columns.indices.map { index in tables.map { values($0[index]) }.reduce([], +) }
        #expect(joined == columns.map(values))
    }

    @Test func aTextThatFitsIntoNoTableIsAnErrorThatNamesTheFile() {
        let error = #expect(throws: CLIPError.self) { try columns.tables(for: "a.parquet", maximumTextBytes: 4) }
        #expect(error?.code == .storage)
        #expect(error?.message.hasPrefix("a.parquet: a text has more than 4 bytes") == true)
    }

    /// Each value as text.
    private func values(_ column: Column) -> [String] {
        switch column {
        case .text(let values): return values
        case .optionalText(let values): return values.map { "\($0 ?? "none")" }
        case .choiceLists(let positions, let lengths, let texts):
            var rest = positions[...]
            return lengths.map { length in
                defer { rest = rest.dropFirst(length) }
                return rest.prefix(length).map { texts[Int($0)] }.joined(separator: ",")
            }
        case .integers(let values): return values.map { "\($0 ?? -1)" }
        case .numbers(let values): return values.map { "\($0 ?? -1)" }
        case .booleans(let values): return values.map { "\($0.map(String.init) ?? "none")" }
        case .float(let values): return values.map { "\($0)" }
        case .optionalFloats(let values): return values.map { $0.map { "\($0)" } ?? "none" }
        case .choice(let positions, let texts): return positions.map { texts[Int($0)] }
        case .bytes(let values, let rowBytes):
            return stride(from: 0, to: values.count, by: rowBytes).map { "\(values[$0..<$0 + rowBytes])" }
        case .vectors(let values, let dimension, _):
            return stride(from: 0, to: values.count, by: dimension).map { "\(values[$0..<$0 + dimension])" }
        case .masked(let column, let isPresent):
            return zip(values(column), isPresent).map { $1 ? $0 : "none" }
        }
    }
}
