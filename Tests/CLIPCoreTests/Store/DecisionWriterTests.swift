import CLIPCore
import CLIPTesting
import Testing

@Suite struct DecisionWriterTests {
    private let folder: TemporaryFolder
    private let classifier: Classifier

    init() async throws {
        folder = try TemporaryFolder()
        let file = CategoryFile(categories: [
            .init(name: "left, \"right\"", positive: ["x"], threshold: 0.5),
            .init(name: "up", positive: ["y"], threshold: 0.5),
        ])
        let bank = try await PromptBank(file) { _ in EmbeddingMatrix(dimension: 2, values: [1, 0, 0, 1]) }
        classifier = Classifier(file, bank: bank, rule: .contrast)
    }

    private func write(with writer: some DecisionWriter) throws {
        let images = EmbeddingMatrix(dimension: 2, values: [0.5, 0.5, 1, -0.25, 0, 0])
        try writer.append(ids: ["both", "line\nbreak", "ünïcode/none"], decisions: classifier.classify(images))
    }

    @Test func csvQuotesWhatNeedsIt() throws {
        let path = folder.path + "/results.csv"
        let writer = try CSVDecisionWriter(path: path, categories: ["left, \"right\"", "up"])
        try write(with: writer)
        try writer.finish()
        #expect(
            String(decoding: try FileBytes.read(path), as: UTF8.self) == """
                id,categories,"score_left, ""right""\",score_up\r
                both,"left, ""right"";up",0.5,0.5\r
                "line\nbreak","left, ""right""\",1.0,-0.25\r
                ünïcode/none,,0.0,0.0\r

                """
        )
    }

    @Test func aQuoteBeforeACombiningMarkIsDoubledToo() throws {
        let writer = try CSVDecisionWriter(path: folder.path + "/results.csv", categories: ["q\"\u{301}"])
        try writer.finish()
        let text = String(decoding: try FileBytes.read(folder.path + "/results.csv"), as: UTF8.self)
        #expect(Array(text.unicodeScalars) == Array("id,categories,\"score_q\"\"\u{301}\"\r\n".unicodeScalars))
    }

    @Test func jsonLinesHoldOneObjectAnImage() throws {
        let path = folder.path + "/results.jsonl"
        let writer = try JSONLinesDecisionWriter(path: path, categories: ["left, \"right\"", "up"])
        try write(with: writer)
        try writer.finish()
        #expect(
            String(decoding: try FileBytes.read(path), as: UTF8.self) == #"""
                {"categories":["left, \"right\"","up"],"id":"both","scores":{"left, \"right\"":0.5,"up":0.5}}
                {"categories":["left, \"right\""],"id":"line\nbreak","scores":{"left, \"right\"":1,"up":-0.25}}
                {"categories":[],"id":"ünïcode/none","scores":{"left, \"right\"":0,"up":0}}

                """#
        )
    }

    @Test func nothingIsLeftWhenAWriterIsDroppedBeforeTheEnd() throws {
        var writer: CSVDecisionWriter? = try CSVDecisionWriter(path: folder.path + "/results.csv", categories: ["a"])
        #expect(writer != nil && folder.names().count == 1)
        writer = nil
        #expect(folder.names() == [])
    }

    @Test func aFolderThatDoesNotExistIsNamed() {
        let error = #expect(throws: CLIPError.self) { try CSVDecisionWriter(path: "/nowhere/r.csv", categories: ["a"]) }
        #expect(error?.code == .storage)
        #expect(error?.message.contains("/nowhere/r.csv") == true)
    }
}
