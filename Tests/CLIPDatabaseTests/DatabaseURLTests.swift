import CLIPCore
import CLIPDatabase
import CLIPPipeline
import Testing

@Suite struct DatabaseURLTests {
    @Test(arguments: [
        ("postgresql://ann:s3cret@db/photos", "postgresql://ann@db/photos"),
        ("postgres://ann:s3cret@db/photos?sslmode=require", "postgres://ann@db/photos?sslmode=require"),
        ("postgresql://db/photos?user=ann&password=s3cret", "postgresql://db/photos?user=ann&password=***"),
        ("postgresql://db/photos?sslpassword=s3cret", "postgresql://db/photos?sslpassword=***"),
        ("postgresql://db/photos?user=ann&%70assword=s3cret&a=b", "postgresql://db/photos?user=ann&%70assword=***&a=b"),
        ("snowflake://ann:s3cret@account/db", "snowflake://ann@account/db"),
    ])
    func aPasswordIsInNoText(url: String, expected: String) throws {
        let parsed = try DatabaseURL(url)
        #expect(parsed.holdsPassword)
        #expect(parsed.publicText == expected)
        #expect(!parsed.redacted("no such host in \(url)").contains("s3cret"))
    }

    @Test(arguments: [
        "postgresql://ann:s3cret/@db/photos", "postgresql://ann:s3@cret@db/photos",
        "postgresql://ann:?s3cret@db/photos",
        "postgres://ann:s3#cret@db/photos", "postgresql://an/n:s3cret@db/photos", "postgresql://?password=s3@cret",
        "postgresql://db/photos?password=s3#cret", "postgresql://ann:s3cret@\u{301}@db/photos",
    ])
    func aPasswordThatIsNotEncodedIsRefusedWithoutRepeatingIt(url: String) {
        let error = #expect(throws: CLIPError.self) { try DatabaseURL(url) }
        #expect(error?.code == .unsupportedFormat && error?.message.contains("%2F") == true)
        #expect(error?.message.contains("cret") == false && error?.message.contains("s3") == false)
    }

    @Test(
        arguments: [
            ("postgresql://ann:s3?cret@db/photos", nil), ("postgresql://db/photos?%70assword=s3cret", nil),
            ("postgresql://ann@db/photos", "postgresql://ann@db/photos"), ("env:PHOTOS_URL", "env:PHOTOS_URL"),
        ] as [(String, String?)]
    )
    func aStoreKeepsNoDatabaseWithAPassword(database: String, kept: String?) {
        let record = SourceRecord(directory: "/", sources: [], database: database, query: "SELECT 1")
        #expect(record.withoutSecrets.database == kept)
    }

    @Test func anEncodedPasswordIsRedactedDecodedToo() throws {
        let url = try DatabaseURL("postgresql://ann:a%40b%2Fc@db/photos")
        #expect(url.redacted("wrong: a@b/c and a%40b%2Fc") == "wrong: *** and ***")
    }

    @Test(arguments: ["postgresql://", "postgresql://ann@db:5432/photos", "sqlite:///data/photos.db", "photos.sqlite"])
    func aURLWithoutAPasswordStaysAsItIs(url: String) throws {
        let parsed = try DatabaseURL(url)
        #expect(!parsed.holdsPassword && parsed.publicText == url)
    }

    @Test(arguments: [
        ("sqlite:///data/a%20b.db", "/data/a b.db"), ("photos.sqlite", "photos.sqlite"), ("x/PHOTOS.DB", "x/PHOTOS.DB"),
    ])
    func anSQLiteFileIsNamedByAURLOrAPath(url: String, path: String) throws {
        #expect(try DatabaseURL(url).path == path)
    }

    @Test(arguments: ["host=db password=s3cret", "photos.txt", "sqlite://photos.db", "sqlite://"])
    func whatIsNoURLIsRefusedWithoutRepeatingIt(text: String) {
        let error = #expect(throws: CLIPError.self) { try DatabaseURL(text) }
        #expect(error?.code == .unsupportedFormat && error?.message.contains("s3cret") == false)
    }

    @Test func aMissingDriverIsExplained() {
        let error = #expect(throws: CLIPError.self) { try Database(url: "nosuchbase://host/name") }
        #expect(error?.code == .missingLibrary)
        #expect(error?.message.contains("libadbc_driver_nosuchbase.so") == true)
        #expect(error?.message.contains("pip install adbc-driver-nosuchbase") == true)
    }

    @Test(arguments: ["libm.so.6", "/nowhere/driver.so"])
    func aLibraryThatIsNoDriverIsNamed(path: String) {
        let error = #expect(throws: CLIPError.self) { try Database(url: "photos.db", driver: path) }
        #expect(error?.code == .missingLibrary && error?.message.contains(path) == true)
    }
}
