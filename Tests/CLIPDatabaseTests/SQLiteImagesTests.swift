import CLIPArrow
import CLIPCore
import CLIPDatabase
import CLIPPipeline
import CLIPTesting
import Testing

@Suite struct SQLiteImagesTests {
    private let file: SQLiteFile

    init() throws {
        file = try SQLiteFile()
    }

    @Test func rowsAreImagesWithIDsAndValues() async throws {
        try file.folder.write([1, 2], to: "a.png")
        try file.run(
            "CREATE TABLE photos (id INTEGER, path TEXT, taken_at TEXT, stars REAL, hidden BOOLEAN)",
            "INSERT INTO photos VALUES (7, '\(file.folder.path)/a.png', '2026-01-02 03:04:05', 4.5, 1), (8, 'b.png', NULL, 3, 0)"
        )
        let query = "SELECT * FROM photos ORDER BY id;\n"
        let source = try file.database.images(query: query)
        #expect(source.columns.map(\.name) == ["path", "taken_at", "stars", "hidden"])
        #expect(source.columns.map(\.kind) == [.text, .text, .number, .integer])
        #expect(try await source.count() == 2)
        let images = try await file.images(query)
        #expect(images.map(\.id) == ["7", "8"])
        #expect(try await images[0].bytes() == [1, 2])
        #expect(images[0].values.dropFirst() == [.text("2026-01-02 03:04:05"), .number(4.5), .integer(1)])
        #expect(images[1].values.dropFirst() == [.missing, .number(3), .integer(0)])
    }

    /// As other programs write the path of a database.
    @Test func aPathMayBeginWithSeveralSlashes() async throws {
        try file.run("CREATE TABLE photos (id, path)", "INSERT INTO photos VALUES (1, 'a.png')")
        let database = try Database(url: "sqlite:///\(file.path)")
        let source = try database.images(query: "SELECT * FROM photos")
        #expect(try await source.count() == 1)
    }

    @Test func bytesAreImages() async throws {
        try file.run(
            "CREATE TABLE photos (id TEXT, image BLOB)",
            "INSERT INTO photos VALUES ('a', x'010203'), ('b', x''), ('c', NULL)"
        )
        let images = try await file.images("SELECT * FROM photos")
        #expect(images.map(\.id) == ["a", "b", "c"])
        #expect(try await images[0].bytes() == [1, 2, 3])
        await #expect(throws: CLIPError.self) { try await images[1].bytes() }
        await #expect(throws: CLIPError.self) { try await images[2].bytes() }
    }

    @Test func bytesWithoutIDsAreRefused() throws {
        try file.run("CREATE TABLE photos (image BLOB)", "INSERT INTO photos VALUES (x'01')")
        let error = #expect(throws: CLIPError.self) { try file.database.images(query: "SELECT * FROM photos") }
        #expect(error?.code == .unsupportedFormat && error?.message.contains("--id-column") == true)
    }

    @Test func aRowWithoutAnIDFailsAlone() async throws {
        try file.run("CREATE TABLE photos (id, path)", "INSERT INTO photos VALUES (1, 'a'), (NULL, 'b'), (3, 'c')")
        let images = try await file.images("SELECT * FROM photos")
        #expect(images.map(\.id) == ["1", "row 2 of the query", "3"])
        let error = await #expect(throws: CLIPError.self) { try await images[1].bytes() }
        #expect(error?.message == "Row 2 of the query has no value in the column 'id'.")
    }

    /// The driver would take the types of the first thousand rows.
    @Test func aLateValueOfAnotherTypeIsRead() async throws {
        try file.run(
            "CREATE TABLE photos (id, path, note, size, mixed)",
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            INSERT INTO photos SELECT i, 'p' || i, NULL, i, i FROM n
            """,
            "UPDATE photos SET note = 'late', size = 0.5, mixed = 'x' WHERE id = 4999"
        )
        let source = try file.database.images(query: "SELECT * FROM photos")
        #expect(source.columns.map(\.kind) == [.text, .text, .number, .text])
        let images = try await file.images("SELECT * FROM photos")
        #expect(images.count == 5000)
        #expect(Set(images.map(\.id)).count == 5000)
        #expect(images[0].values == [.text("p1"), .missing, .number(1), .text("1")])
        #expect(images[4998].values == [.text("p4999"), .text("late"), .number(0.5), .text("x")])
    }

    /// A float has 53 bits.
    @Test(arguments: [
        ("9007199254740991", [ColumnValue.number(9_007_199_254_740_991), .number(2.5), .missing]),
        ("9007199254740993", [.text("9007199254740993"), .text("2.5"), .missing]),
        ("-9007199254740993", [.text("-9007199254740993"), .text("2.5"), .missing]),
        ("9223372036854775807", [.text("9223372036854775807"), .text("2.5"), .missing]),
    ])
    func integersBesideFractionsKeepTheirDigits(integer: String, values: [ColumnValue]) async throws {
        try file.run(
            "CREATE TABLE photos (id, path, size)",
            "INSERT INTO photos VALUES (1, 'a', \(integer)), (2, 'b', 2.5), (3, 'c', NULL)"
        )
        #expect(try await file.images("SELECT * FROM photos").map { $0.values[1] } == values)
    }

    @Test func fractionsBesideLongIntegersOrTextsKeepTheirDigits() async throws {
        try file.run(
            "CREATE TABLE photos (id, path, size, note)",
            "INSERT INTO photos VALUES (1, 'a', 9223372036854775807, 'x'), (2, 'b', 0.1 + 0.2, 1e300), (3, 'c', -0.1, 1e15)"
        )
        let values = try await file.images("SELECT * FROM photos").map { $0.values.dropFirst() }
        #expect(values[1] == [.text("0.30000000000000004"), .text("1.0e+300")])
        #expect(values[2] == [.text("-0.1"), .text("1000000000000000.0")])
    }

    @Test func longIDsBesideAFractionAreDifferentImages() async throws {
        try file.run(
            "CREATE TABLE photos (id INTEGER, path TEXT)",
            "INSERT INTO photos VALUES (9007199254740993, 'a'), (9007199254740992, 'b'), (2.5, 'c')"
        )
        let images = try await file.images("SELECT * FROM photos")
        #expect(images.map(\.id) == ["9007199254740993", "9007199254740992", "2.5"])
    }

    /// Integers alone have 64 bits.
    @Test func longIntegersAreIntegers() async throws {
        try file.run(
            "CREATE TABLE photos (id INTEGER, path TEXT, size)",
            "INSERT INTO photos VALUES (1, 'a', 9223372036854775807), (2, 'b', 3)"
        )
        let images = try await file.images("SELECT * FROM photos")
        #expect(images.map { $0.values[1] } == [.integer(.max), .integer(3)])
    }

    @Test func anEmptyResultHasNoImages() async throws {
        try file.run("CREATE TABLE photos (id, path)")
        #expect(try await file.images("SELECT * FROM photos").isEmpty)
        #expect(try await file.database.images(query: "SELECT * FROM photos").count() == 0)
    }

    @Test func namesNeedQuotesAndQueriesEndInComments() async throws {
        try file.run(
            "CREATE TABLE photos (\"my \"\"id\"\"\" TEXT, \"a path\" TEXT)",
            "INSERT INTO photos VALUES ('x', 'y')"
        )
        let options = TableSource.Options(imageColumn: "a path", idColumn: "my \"id\"")
        let images = try await file.images("SELECT * FROM photos -- all of them", options)
        #expect(images.map(\.id) == ["x"])
    }

    @Test(arguments: [
        "SELECT * FROM nothing", "DELETE FROM photos RETURNING *", "SELECT 1 AS id; DROP TABLE photos", "",
    ])
    func whatIsNoQueryIsRefusedAndChangesNothing(query: String) throws {
        try file.run("CREATE TABLE photos (id, path)", "INSERT INTO photos VALUES (1, 'a')")
        let error = #expect(throws: CLIPError.self) { try file.database.images(query: query) }
        #expect(error?.code == .unreadable)
        #expect(try file.rows("SELECT id FROM photos") == [["1"]])
    }

    @Test func aMissingFileIsNotCreated() throws {
        let error = #expect(throws: CLIPError.self) { try file.database.images(query: "SELECT 1 AS id") }
        #expect(error?.code == .notFound && error?.message.contains(file.path) == true)
        #expect(throws: CLIPError.self) { try PathKind(file.path) }
    }

    @Test func aFileThatIsNoDatabaseIsAnError() throws {
        try file.folder.write([UInt8](repeating: 65, count: 4096), to: "photos.sqlite")
        let error = #expect(throws: CLIPError.self) { try file.database.images(query: "SELECT 1 AS id, 'a' AS path") }
        #expect(error?.code == .unreadable && error?.message.contains("photos.sqlite") == true)
    }

    @Test func anInterruptedWalkLeavesNothingOpen() async throws {
        try file.run("CREATE TABLE photos (id, path)", "INSERT INTO photos VALUES (1, 'a'), (2, 'b')")
        do {
            var iterator = try file.database.images(query: "SELECT * FROM photos").makeIterator()
            _ = try await iterator.next()
        }
        try file.run("DROP TABLE photos")
    }
}
