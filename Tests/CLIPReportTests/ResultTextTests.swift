import CLIPCore
import CLIPReport
import CLIPTesting
import TestSupport
import Testing

/// The bytes of text formats, compared with a plain way of writing them, value by value.
@Suite struct ResultTextTests {
    private let folder: TemporaryFolder
    private let classifier: Classifier
    private let names = ["left, \"right\"", "up", "ünï\n\u{1}"]

    init() throws {
        folder = try TemporaryFolder()
        let file = CategoryFile(
            categories: [
                .init(name: names[0], positive: ["x"], negative: ["z"], threshold: 0.5),
                .init(name: names[1], positive: ["y", "a \"quoted\", prompt"], threshold: 0.5),
                .init(name: names[2], positive: ["z"], threshold: 0.5),
            ],
            neutral: ["n"]
        )
        let texts = ["x", "y", "z", "n", "a \"quoted\", prompt"]
        let vectors = texts.enumerated().map { row, text in
            (text, (0..<5).map { column in Float(column == row ? 1 : 0) })
        }
        classifier = try Classifier(file, bank: PromptBank(file, vectors: Dictionary(uniqueKeysWithValues: vectors)))
    }

    /// Numbers of every kind, some missing.
    private func blocks(decided: Bool, count: Int) -> [ResultBlock] {
        var generator = SeededGenerator(seed: 7)
        func number() -> Float {
            let bits = UInt32(truncatingIfNeeded: generator.next())
            switch bits % 8 {
            case 0: return -0.0
            case 1: return Float(bits % 1000)
            case 2: return Float(bitPattern: bits & 0x807F_FFFF)
            case 3: return Float(sign: .minus, exponent: Int(bits >> 8) % 127, significand: 1.5)
            default: return Float(Int32(bitPattern: bits)) / Float(Int32.max)
            }
        }
        let ids = ["plain.jpg", "a, b.jpg", "\"q\"\u{301}\\", "line\r\nbreak", "", "ü;\u{1F600}"]
        return (0..<count).map { block in
            let images = block * 321 % 700
            let values = images * names.count
            return ResultBlock(
                ids: (0..<images).map { ids[$0 % ids.count] + "\($0)" },
                evidence: (0..<values).map { index in
                    let (negative, neutral) = (number(), number())
                    return Evidence(
                        score: number(),
                        positive: number(),
                        negative: index % 3 == 0 ? negative : nil,
                        neutral: index % 5 == 0 ? nil : neutral
                    )
                },
                outcomes: decided ? (0..<values).map { Outcome.allCases[$0 * 5 % 7 % 3] } : nil,
                bestPrompts: decided ? nil : (0..<values).map { $0 % 3 == 1 ? Int32($0 % 2) : 0 }
            )
        }
    }

    private func csv(_ fields: [String]) -> String {
        let quoted = fields.map { field in
            field.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
                ? "\"" + field.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\"" : field
        }
        return quoted.joined(separator: ",") + "\r\n"
    }

    private func json(_ text: String) -> String {
        let escapes: [Unicode.Scalar: String] = [
            "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\u{1}": "\\u0001",
        ]
        return "\"" + text.unicodeScalars.map { escapes[$0] ?? String($0) }.joined() + "\""
    }

    private func value(_ part: ResultPart, _ block: ResultBlock, _ position: Int, _ schema: ResultSchema) -> String? {
        switch part {
        case .outcome: block.outcomes.map { $0[position].rawValue }
        case .bestPrompt: block.bestPrompts.map { schema.categories[position % names.count].prompts[Int($0[position])] }
        default: block.evidence[position].number(part)?.description
        }
    }

    private func expectedCSV(_ blocks: [ResultBlock], _ schema: ResultSchema) -> String {
        let columns = schema.categories.flatMap { category in category.parts.map { "\($0.rawValue)_\(category.name)" } }
        let lines = blocks.flatMap { block in
            block.ids.enumerated().map { image, id in
                let matches = block.matches(image: image).map { names[$0] }.joined(separator: ";")
                let values = schema.categories.enumerated().flatMap { index, category in
                    category.parts.map { value($0, block, image * names.count + index, schema) ?? "" }
                }
                return csv([id] + (schema.hasDecisions ? [matches] : []) + values)
            }
        }
        return csv(["id"] + (schema.hasDecisions ? ["categories"] : []) + columns) + lines.joined()
    }

    private func expectedJSON(_ blocks: [ResultBlock], _ schema: ResultSchema) -> String {
        let lines = blocks.flatMap { block in
            block.ids.enumerated().map { image, id in
                var fields = ["\"id\":\(json(id))"]
                if schema.hasDecisions {
                    let matches = block.matches(image: image).map { json(names[$0]) }
                    fields.append("\"categories\":[\(matches.joined(separator: ","))]")
                }
                for part in ResultPart.allCases where schema.categories.contains(where: { $0.parts.contains(part) }) {
                    let values = schema.categories.enumerated().compactMap { index, category -> String? in
                        guard category.parts.contains(part) else { return nil }
                        return value(part, block, image * names.count + index, schema).map { value in
                            let isText = part == .outcome || part == .bestPrompt
                            return "\(json(category.name)):\(isText ? json(value) : value)"
                        }
                    }
                    fields.append("\"\(part.rawValue)\":{\(values.joined(separator: ","))}")
                }
                return "{\(fields.joined(separator: ","))}\n"
            }
        }
        return lines.joined()
    }

    /// Prepared elsewhere as `clip-cli` does.
    @Test(arguments: [ResultPart.decision, [], ResultPart.evidence])
    func bytesAreThoseOfWritingEachValueByItself(parts: [ResultPart]) throws {
        let schema = classifier.resultSchema(parts: parts)
        let blocks = blocks(decided: schema.hasDecisions, count: 5)
        let (csv, lines) = (folder.path + "/r.csv", folder.path + "/r.jsonl")
        for writer in [
            try BackgroundResultWriter(CSVResultWriter(path: csv, schema: schema)),
            try BackgroundResultWriter(JSONLinesResultWriter(path: lines, schema: schema)),
        ] {
            for block in blocks { try writer.append(block) }
            try writer.finish()
        }
        #expect(try FileBytes.read(csv) == Array(expectedCSV(blocks, schema).utf8))
        #expect(try FileBytes.read(lines) == Array(expectedJSON(blocks, schema).utf8))
    }

    /// Formatted on several threads.
    @Test func decisionsAreWrittenInOrder() throws {
        let vectors = EmbeddingMatrix(
            dimension: 5,
            values: (0..<15_000).map { index in Float(index % 13) / 13 - 0.5 }
        )
        let decisions = try classifier.classify(vectors.normalized(), ids: (0..<3000).map(String.init))
        let (csv, lines) = (folder.path + "/d.csv", folder.path + "/d.jsonl")
        let (first, second) = (
            try CSVResultWriter(path: csv, classifier: classifier),
            try JSONLinesResultWriter(path: lines, classifier: classifier)
        )
        for _ in 0..<2 {
            try first.append(decisions)
            try second.append(decisions)
        }
        try first.finish()
        try second.finish()
        let block = ResultBlock(ids: decisions.map(\.id), decisions: decisions)
        let schema = ResultSchema(decisionsOf: classifier, parts: ResultPart.decision)
        #expect(try FileBytes.read(csv) == Array(expectedCSV([block, block], schema).utf8))
        #expect(try FileBytes.read(lines) == Array(expectedJSON([block, block], schema).utf8))
    }
}
