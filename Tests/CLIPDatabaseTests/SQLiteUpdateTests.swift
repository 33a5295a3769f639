import CLIPArrow
import CLIPCore
import CLIPDatabase
import CLIPReport
import CLIPTesting
import TestSupport
import Testing

/// Tables that hold rows of earlier runs, with other categories or another model.
@Suite struct SQLiteUpdateTests {
    private let file: SQLiteFile
    private let model = Provenance(.stub(dimension: 3))
    /// A model whose vectors have the same dimension.
    private let otherModel: Provenance

    init() throws {
        file = try SQLiteFile()
        otherModel = Provenance(
            modelName: "other, sha256 1",
            modelIdentity: "ffff",
            dimension: 3,
            preprocessing: "",
            precision: nil,
            engine: nil,
            libraryVersion: ""
        )
    }

    private func write(
        _ categories: [String],
        neutral: [String] = [],
        negative: [String] = [],
        ids: [String] = ["a"],
        _ existing: ExistingTable = .upsert,
        parts: [ResultPart] = ResultPart.decision,
        provenance: Provenance? = nil
    ) throws {
        let categories = CategoryFile(
            categories: categories.map { .init(name: $0, positive: ["x"], negative: negative, threshold: 0.5) },
            neutral: neutral
        )
        let bank = try PromptBank(categories, vectors: ["x": [1, 0, 0], "z": [0, 0, 1]])
        let classifier = try Classifier(categories, bank: bank)
        let writer = try DatabaseResultWriter(
            file.database,
            table: "decisions",
            existing: existing,
            classifier: classifier,
            parts: parts,
            provenance: provenance ?? model
        )
        try writer.append(classifier.classify(EmbeddingMatrix(rows: ids.map { _ in [1, 0, 0] }), ids: ids))
        try writer.finish()
    }

    private func store(_ provenance: Provenance, id: String) -> MemoryStore {
        MemoryStore(
            provenance: provenance,
            block: EmbeddingBlock(ids: [id], embeddings: EmbeddingMatrix(rows: [[1, 0, 0]]))
        )
    }

    @Test func vectorsOfAnotherModelDoNotJoinThoseOfATable() throws {
        try file.database.write(store(model, id: "a"), table: "embeddings")
        let error = #expect(throws: CLIPError.self) {
            try file.database.write(store(otherModel, id: "b"), table: "embeddings", existing: .upsert)
        }
        #expect(error?.code == .modelMismatch)
        for words in ["'embeddings'", model.modelName, otherModel.modelName, "--if-exists replace"] {
            #expect(error?.message.contains(words) == true, "\(words)")
        }
        #expect(try file.rows("SELECT id FROM embeddings") == [["a"]])
        try file.database.write(store(otherModel, id: "b"), table: "embeddings", existing: .replace)
        let refused = #expect(throws: CLIPError.self) {
            try file.database.write(store(model, id: "a"), table: "embeddings", existing: .upsert)
        }
        #expect(refused?.message.contains("the model other, sha256 1 (sha256 ffff…)") == true)
        try file.database.write(store(otherModel, id: "c"), table: "embeddings", existing: .upsert)
        #expect(try file.rows("SELECT id FROM embeddings ORDER BY id") == [["b"], ["c"]])
    }

    @Test func resultsOfAnotherModelDoNotJoinThoseOfATable() throws {
        // Its name and its columns are read as no part of the comment.
        try write(["cat /* , sha256 */"])
        let error = #expect(throws: CLIPError.self) {
            try write(["cat /* , sha256 */"], ids: ["b"], provenance: otherModel)
        }
        #expect(error?.code == .modelMismatch)
        try write(["cat /* , sha256 */"], ids: ["c"])
        #expect(try file.rows("SELECT id FROM decisions ORDER BY id") == [["a"], ["c"]])
    }

    @Test func theModelOfATableOfOthersIsUnknown() throws {
        try file.run("CREATE TABLE embeddings (/* for any model, sha256 1 */ id TEXT PRIMARY KEY, embedding BLOB)")
        try file.database.write(store(model, id: "a"), table: "embeddings", existing: .upsert)
        #expect(try file.rows("SELECT id FROM embeddings") == [["a"]])
    }

    @Test(arguments: [["cat"], []])
    func aColumnThatNeedsAValueIsNoticedFirst(parts: [String]) throws {
        try write(["cat", "bird"])
        let error = #expect(throws: CLIPError.self) {
            try write(["cat"], parts: parts.isEmpty ? [] : ResultPart.decision)
        }
        #expect(error?.code == .storage && error?.message.contains("score_bird, outcome_bird") == true)
        #expect(error?.message.contains("cannot write") == false)
    }

    @Test(arguments: ["number TEXT NOT NULL PRIMARY KEY", "number INT NOT NULL DEFAULT NULL"])
    func aColumnThatTheDatabaseDoesNotFillNeedsAValue(column: String) throws {
        try file.run("CREATE TABLE embeddings (\(column), id TEXT UNIQUE, embedding BLOB)")
        let error = #expect(throws: CLIPError.self) {
            try file.database.write(store(model, id: "a"), table: "embeddings", existing: .upsert)
        }
        #expect(error?.message.contains("needs values that the new rows do not have (number)") == true)
    }

    @Test func aColumnWithADefaultNeedsNoValue() throws {
        try write(["cat"])
        try file.run("ALTER TABLE decisions ADD COLUMN reviewed TEXT NOT NULL DEFAULT 'no'")
        try write(["cat"], ids: ["b"])
        try write(["Cat"], ids: ["c"])
        #expect(try file.rows("SELECT id, reviewed FROM decisions ORDER BY id").compactMap(\.[0]) == ["a", "b", "c"])
        try file.run(
            "CREATE TABLE embeddings (number INTEGER PRIMARY KEY NOT NULL, id TEXT UNIQUE, embedding BLOB)"
        )
        try file.database.write(store(model, id: "a"), table: "embeddings", existing: .upsert)
        #expect(try file.rows("SELECT number, id FROM embeddings") == [["1", "a"]])
    }

    @Test func noScoreOfAnEarlierRunStaysInAnUpdatedRow() throws {
        try write(["cat"], neutral: ["z"], negative: ["z"], ids: ["a", "b"])
        try file.run(
            "ALTER TABLE decisions ADD COLUMN neutral_note REAL",
            "ALTER TABLE decisions ADD COLUMN margin_cat TEXT",
            "UPDATE decisions SET neutral_note = 1, margin_cat = 'wide'"
        )
        try write(["cat"], ids: ["b", "c"])
        #expect(
            try file.rows(
                "SELECT id, neutral_cat || '', negative_cat || '', neutral_note || '', margin_cat FROM decisions ORDER BY id"
            )
                == [["a", "0.0", "0.0", "1.0", "wide"], ["b", nil, nil, "1.0", "wide"], ["c", nil, nil, nil, nil]]
        )
    }

    @Test func aTableOfOthersKeepsItsScores() throws {
        try write(["cat"], neutral: ["z"])
        try file.run(
            "CREATE TABLE mine AS SELECT * FROM decisions",
            "DROP TABLE decisions",
            "ALTER TABLE mine RENAME TO decisions",
            "CREATE UNIQUE INDEX ids ON decisions (id)"
        )
        try write(["cat"])
        #expect(try file.rows("SELECT neutral_cat || '' FROM decisions") == [["0.0"]])
    }

    @Test func namesThatDifferOnlyInCaseAreNamedBeforeAFileIsCreated() throws {
        var error = #expect(throws: CLIPError.self) { try write(["Cat", "dog", "cat"]) }
        #expect(error?.code == .storage)
        #expect(error?.message.contains("'score_Cat'") == true && error?.message.contains("'score_cat'") == true)
        let columns = [SourceColumn("note", .text), SourceColumn("Embedding", .text)]
        error = #expect(throws: CLIPError.self) {
            try file.database.write(store(model, id: "a"), columns: columns, table: "embeddings")
        }
        #expect(error?.message.contains("'embedding'") == true && error?.message.contains("'Embedding'") == true)
        #expect(error?.message.contains("--keep-columns") == true)
        error = #expect(throws: CLIPError.self) {
            try file.database.write(store(model, id: "a"), columns: [SourceColumn("id", .text)], table: "embeddings")
        }
        #expect(error?.message.contains("'id'") == true)
        #expect(throws: CLIPError.self) { try PathKind(file.path) }
        // Only ASCII letters have a case in SQLite.
        try write(["É", "é"])
    }
}
