import CLIPArrow
import CLIPCore
import CLIPDatabase
import CLIPReport
import CLIPTesting
import TestSupport
import Testing

@Suite struct SQLiteTableTests {
    private let file: SQLiteFile
    private let classifier: Classifier

    init() async throws {
        file = try SQLiteFile()
        let categories = CategoryFile(
            categories: [
                .init(name: "cat \"tom\"", positive: ["x"], threshold: 0.5),
                .init(name: "dog", positive: ["y"], threshold: 0.5),
            ],
            neutral: ["z"]
        )
        let bank = try await PromptBank(categories, dimension: 3) { texts in
            EmbeddingMatrix(rows: texts.map { $0 == "x" ? [1, 0, 0] : $0 == "y" ? [0, 1, 0] : [0, 0, 1] })
        }
        classifier = try Classifier(categories, bank: bank)
    }

    private func decisions(_ images: [String: [Float]]) throws -> Decisions {
        let ids = images.keys.sorted()
        let block = EmbeddingBlock(ids: ids, embeddings: EmbeddingMatrix(rows: ids.map { images[$0] ?? [] }))
        return try classifier.classify(block.embeddings, ids: ids)
    }

    private func write(
        _ images: [String: [Float]],
        _ existing: ExistingTable = .fail,
        table: String = "decisions"
    ) throws {
        let writer = try writer(existing, table: table)
        try writer.append(decisions(images))
        try writer.finish()
    }

    private func writer(_ existing: ExistingTable = .fail, table: String = "decisions") throws -> DatabaseResultWriter {
        try DatabaseResultWriter(
            file.database,
            table: table,
            existing: existing,
            classifier: classifier,
            provenance: Provenance(.stub(dimension: 3))
        )
    }

    @Test func decisionsAreRowsWithTheColumnsOfAFile() throws {
        try write(["a": [1, 0, 0], "b": [0.6, 0.8, 0], "c": [0, 0, 1]])
        #expect(
            try file.rows("SELECT name FROM pragma_table_info('decisions')").compactMap(\.[0])
                == ["id", "categories"]
                + ["score", "outcome", "positive", "neutral"].map { "\($0)_cat \"tom\"" }
                + ["score", "outcome", "positive", "neutral"].map { "\($0)_dog" }
        )
        #expect(
            try file.rows("SELECT id, categories, outcome_dog FROM decisions ORDER BY id")
                == [
                    ["a", #"["cat \"tom\""]"#, "below-threshold"], ["b", #"["cat \"tom\"","dog"]"#, "match"],
                    ["c", "[]", "below-threshold"],
                ]
        )
        #expect(
            try file.rows("SELECT d.id FROM decisions AS d, json_each(d.categories) AS c WHERE c.value = 'dog'") == [
                ["b"]
            ]
        )
        #expect(try file.rows("SELECT round(score_dog, 3) || '' FROM decisions WHERE id = 'b'") == [["0.8"]])
    }

    @Test func anExistingTableStaysUnlessAskedOtherwise() throws {
        try write(["a": [1, 0, 0]])
        let error = #expect(throws: CLIPError.self) { try write(["b": [0, 1, 0]]) }
        #expect(error?.code == .storage && error?.message.contains("--if-exists") == true)
        #expect(try file.rows("SELECT id FROM decisions") == [["a"]])
    }

    @Test func anUpdateChangesRowsWithTheSameIDAndKeepsTheOthers() throws {
        try write(["a": [1, 0, 0], "b": [1, 0, 0]], .upsert)
        try file.run("ALTER TABLE decisions ADD COLUMN reviewed TEXT", "UPDATE decisions SET reviewed = 'yes'")
        for _ in 0..<2 { try write(["b": [0, 1, 0], "c": [0, 1, 0]], .upsert) }
        #expect(
            try file.rows("SELECT id, categories, reviewed FROM decisions ORDER BY id")
                == [["a", #"["cat \"tom\""]"#, "yes"], ["b", #"["dog"]"#, "yes"], ["c", #"["dog"]"#, nil]]
        )
    }

    @Test func anUpdateNeedsTheColumnsAndAKey() throws {
        try file.run("CREATE TABLE decisions (id TEXT PRIMARY KEY, categories TEXT)")
        var error = #expect(throws: CLIPError.self) { try writer(.upsert) }
        #expect(error?.code == .storage && error?.message.contains("score_dog") == true)
        try write(["a": [1, 0, 0]], table: "keyed")
        try file.run("CREATE TABLE unkeyed AS SELECT * FROM keyed")
        error = #expect(throws: CLIPError.self) { try writer(.upsert, table: "unkeyed") }
        #expect(error?.message.contains("primary key") == true)
    }

    @Test func onlyATableOfResultsIsReplaced() throws {
        try write(["a": [1, 0, 0]])
        try write(["b": [0, 1, 0]], .replace)
        #expect(try file.rows("SELECT id FROM decisions") == [["b"]])
        try file.run("CREATE TABLE photos (id TEXT, path TEXT)", "INSERT INTO photos VALUES ('x', 'y')")
        let error = #expect(throws: CLIPError.self) { try writer(.replace, table: "photos") }
        #expect(error?.code == .storage)
        #expect(try file.rows("SELECT * FROM photos") == [["x", "y"]])
    }

    /// A comment in its definition tells whose it is, as with PostgreSQL.
    @Test func aTableOfResultsIsReplacedWhateverItsColumnsAndNoOther() throws {
        try write(["a": [1, 0, 0]])
        let names = try file.rows("SELECT name FROM pragma_table_info('decisions')").compactMap(\.[0])
        let columns = names.map { "\"\($0.replacing("\"", with: "\"\""))\" TEXT" }.joined(separator: ", ")
        try file.run(
            "ALTER TABLE decisions DROP COLUMN score_dog",
            "ALTER TABLE decisions ADD COLUMN reviewed TEXT",
            "CREATE TABLE lookalike (\(columns))",
            "CREATE TABLE mine (id TEXT /* results of mine */)",
            "INSERT INTO mine VALUES ('x')"
        )
        try write(["b": [0, 1, 0]], .replace, table: "DECISIONS")
        #expect(try file.rows("SELECT id, score_dog || '' FROM decisions") == [["b", "1.0"]])
        for table in ["mine", "lookalike"] {
            #expect(throws: CLIPError.self) { try writer(.replace, table: table) }
        }
        #expect(try file.rows("SELECT id FROM mine") == [["x"]])
        try write(["c": [0, 1, 0]], .replace, table: "main.decisions")
        #expect(try file.rows("SELECT id FROM decisions") == [["c"]])
        #expect(throws: CLIPError.self) {
            let store = MemoryStore(
                provenance: Provenance(.stub(dimension: 3)),
                block: EmbeddingBlock(ids: ["a"], embeddings: EmbeddingMatrix(rows: [[1, 0, 0]]))
            )
            try file.database.write(store, table: "decisions", existing: .replace)
        }
    }

    @Test func theNameOfTheTemporaryTableIsNoOneElses() throws {
        for existing in [ExistingTable.fail, .replace, .upsert] {
            try write(["a": [1, 0, 0]], existing, table: "clip_cli_rows")
            #expect(try file.rows("SELECT id FROM clip_cli_rows") == [["a"]])
        }
    }

    @Test(arguments: ExistingTable.allCases)
    func anInterruptedRunChangesNothingAndCanBeRepeated(existing: ExistingTable) throws {
        if existing != .fail { try write(["z": [1, 0, 0]]) }
        do {
            let writer = try writer(existing)
            try writer.append(decisions(["a": [1, 0, 0]]))
        }
        let tables = try file.rows("SELECT name FROM sqlite_master WHERE name = 'decisions'")
        #expect(tables.count == (existing == .fail ? 0 : 1))
        if existing != .fail { #expect(try file.rows("SELECT id FROM decisions") == [["z"]]) }
        try write(["a": [1, 0, 0], "b": [1, 0, 0]], existing)
        let ids = try file.rows("SELECT id FROM decisions ORDER BY id").compactMap(\.[0])
        #expect(ids == (existing == .upsert ? ["a", "b", "z"] : ["a", "b"]))
    }

    @Test(arguments: ["", "a.b.c", ".x", "nul\u{0}"])
    func aNameOfATableIsChecked(name: String) {
        #expect(throws: CLIPError.self) { try writer(table: name) }
    }

    @Test func anyOtherNameIsQuoted() throws {
        let name = "drop table \"x\"; --'"
        try write(["a": [1, 0, 0]], table: name)
        #expect(try file.rows("SELECT name FROM sqlite_master WHERE type = 'table'") == [[name]])
    }

    @Test func vectorsAreBytesWithTheirColumns() throws {
        let origins = [
            ImageOrigin(values: [.text("x"), .integer(1), .number(0.5), .boolean(true)]), ImageOrigin(values: []),
        ]
        let store = MemoryStore(
            provenance: Provenance(.stub(dimension: 2)),
            block: EmbeddingBlock(
                ids: ["a", "b"],
                embeddings: EmbeddingMatrix(rows: [[1, 0], [0.6, 0.8]]),
                origins: origins
            )
        )
        let columns = [
            SourceColumn("note", .text), SourceColumn("stars", .integer), SourceColumn("size", .number),
            SourceColumn("seen", .boolean),
        ]
        try file.database.write(store, columns: columns, table: "embeddings")
        #expect(
            try file.rows("SELECT id, hex(embedding), note, stars, size || '', seen FROM embeddings ORDER BY id")
                == [["a", "0000803F00000000", "x", "1", "0.5", "1"], ["b", "9A99193FCDCC4C3F", nil, nil, nil, nil]]
        )
        #expect(throws: CLIPError.self) { try file.database.write(store, table: "embeddings") }
    }
}
