import CLIPArrow
import CLIPCore
import CLIPTesting
import TestSupport
import Testing

/// Ids of every type; the fixture is made by `Tools/fixtures/make_table_fixtures.py`.
@Suite struct TableIDTests {
    private static let uuids = ["00010203-0405-0607-0809-0a0b0c0d0e0f", nil, "ffffffff-ffff-ffff-ffff-ffffffffffff"]

    @Test(arguments: [
        ("whole", ["1", nil, "0"]), ("large", [nil, nil, "3"]), ("nan", ["7", nil, "8"]),
        ("half", ["7", nil, "8"]), ("unsigned", ["0", nil, "18446744073709551615"]), ("small", ["1", nil, "255"]),
        ("flag", ["true", nil, "false"]), ("uuid", uuids), ("typed_uuid", uuids), ("digest", ["00ab", nil, "ff01"]),
        ("bytes", ["k1", nil, "grün"]), ("moment", ["2024-02-29 12:30:15.000000", nil, "2024-02-29 12:30:15.000000"]),
        ("length", ["1", nil, "2"]), ("price", ["1.50", nil, "-2.00"]), ("kind", ["x", nil, "y"]),
        ("nothing", [nil, nil, nil]),
    ])
    func aValueThatCannotBeAnIDFailsItsRow(column: String, ids: [String?]) async throws {
        let options = TableSource.Options(idColumn: column, carriedColumns: [])
        let images = try await TableSource(path: Fixture.path("all-ids.parquet"), options: options).images()
        let expected = ids.enumerated().map { $1 ?? "row \($0 + 1) of all-ids.parquet" }
        #expect(images.map(\.id) == expected)
        #expect(images.map(\.isUnknownPart) == ids.map { $0 == nil })
    }

    @Test(arguments: [
        ("whole", "has 1.5 in the column 'whole', which is not a whole number below 2^53"),
        ("large", "has 9.007199254740994e+15 in the column 'large', which is not a whole number below 2^53"),
        ("half", "has inf in the column 'half', which is not a whole number below 2^53"),
        ("nan", "has no value in the column 'nan'"), ("bytes", "is not UTF-8 in the column 'bytes'"),
    ])
    func theReasonIsTold(column: String, reason: String) async throws {
        let options = TableSource.Options(idColumn: column, carriedColumns: [])
        let images = try await TableSource(path: Fixture.path("all-ids.parquet"), options: options).images()
        #expect(await images[1].failure()?.message == "Row 2 of all-ids.parquet \(reason).")
    }
}
