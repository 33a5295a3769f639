import CLIPDatabase
import Testing

/// Images, results and vectors in an SQLite file.
@Suite struct DatabaseTests {
    private let place: Workplace
    private let database: Database

    init() throws {
        place = try Workplace()
        database = try Database(url: place.path("photos.sqlite"))
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try place.write(Workplace.categories, "categories.yaml")
        try DatabaseConnection(database, for: .writing).execute(
            "CREATE TABLE photos (id INTEGER, path TEXT, note TEXT)",
            "INSERT INTO photos VALUES (1, '\(place.path("photos/a.jpg"))', 'x'), (NULL, 'b.jpg', NULL), (3, 'none.jpg', 'y')"
        )
    }

    @Test func imagesComeFromAQueryAndResultsGoIntoTables() throws {
        let file = place.path("photos.sqlite")
        let store = place.path("store")
        let embed = ["embed", "--database", file, "--query", "SELECT * FROM photos", "--output", store]
        let first = try Tool.run(embed, scratch: place.folder)
        #expect(first.status == 1 && first.output.contains("1 embedded, 2 failed"), "\(first)")
        let again = try Tool.run(embed, scratch: place.folder)
        #expect(again.status == 1 && again.output.contains("0 embedded, 1 skipped"), "\(again)")
        let info = try place.run("store", "info", store)
        #expect(info.output.contains("the database \(file)"))
        #expect(try place.run("store", "verify", store).status == 0)

        let classify = [
            "classify", store, "--categories", place.path("categories.yaml"), "--output-database", file, "--table",
            "decisions",
        ]
        #expect(try Tool.run(classify, scratch: place.folder).status == 0)
        #expect(try database.texts("SELECT id FROM decisions") == [["1"]])
        let refused = try Tool.run(classify, scratch: place.folder)
        #expect(refused.status == 3 && refused.errors.contains("--if-exists"))
        #expect(try Tool.run(classify + ["--if-exists", "upsert"], scratch: place.folder).status == 0)

        let export = try place.run("store", "export", store, "--database", file, "--table", "embeddings")
        #expect(export.status == 0, "\(export)")
        #expect(try database.texts("SELECT id, note FROM embeddings") == [["1", "x"]])
    }

    @Test(arguments: [
        ["--database", "postgresql://ann:s3cret@db/photos", "--query", "SELECT 1"],
        ["--database", "postgresql://db/photos?password=s3cret", "--query", "SELECT 1"],
        ["--database", "host=db password=s3cret", "--query", "SELECT 1"],
        ["--database", "photos.sqlite"], ["--query", "SELECT 1"],
    ])
    func argumentsAreCheckedAndNoPasswordIsShown(arguments: [String]) throws {
        let result = try Tool.run(["embed", "--output", place.path("store")] + arguments, scratch: place.folder)
        #expect(result.status == 2)
        #expect(!(result.output + result.errors).contains("s3cret"))
    }

    @Test func aVariableNamesTheDatabase() throws {
        let result = try place.run(
            "embed",
            "--database",
            "env:NO_SUCH_VARIABLE",
            "--query",
            "SELECT 1",
            "--output",
            place.path("store")
        )
        #expect(result.status == 3 && result.errors.contains("NO_SUCH_VARIABLE"))
    }
}
