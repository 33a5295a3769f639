import CLIPArrow
import CLIPCore
import CLIPTesting
import Foundation
import TestSupport
import Testing

/// CSV as spreadsheets, databases and people write it.
@Suite struct CSVFormTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["a.jpg", "b.jpg", "c.jpg"] { try folder.write([1], to: name) }
    }

    private func table(
        _ bytes: [UInt8],
        name: String = "photos.csv",
        options: TableSource.Options = .init()
    ) throws -> TableSource {
        try folder.write(bytes, to: name)
        return try TableSource(path: "\(folder.path)/\(name)", options: options)
    }

    private func table(_ text: String, name: String = "photos.csv") throws -> TableSource {
        try table(Array(text.utf8), name: name)
    }

    @Test(arguments: [
        "id;path;note\n1;a.jpg;x, y\n", "id\tpath\tnote\n1\ta.jpg\tx, y\n", "id|path|note\n1|a.jpg|x, y\n",
        "sep=;\nid;path;note\n1;a.jpg;x, y\n", "sep=;\r\nid;path;\"no,te\"\r\n1;a.jpg;x, y\r\n",
        "\u{FEFF}sep=;\r\nid;path;note\r\n1;a.jpg;x, y\r\n", "\"id\";\"path\";\"note, a\"\n1;a.jpg;\"x, y\"\n",
    ])
    func theDelimiterIsFoundInTheHeader(text: String) async throws {
        let images = try await table(text).images()
        #expect(images.map(\.id) == ["1"])
        #expect(images[0].values == [.text("a.jpg"), .text("x, y")])
        #expect(await images[0].failure() == nil)
    }

    @Test func aDelimiterThatIsUnclearIsAskedFor() async throws {
        let error = #expect(throws: CLIPError.self) { try table("id;path|note\n1;a.jpg|x\n") }
        #expect(error?.message.contains("separated by ';' or '|'. Name the delimiter (--delimiter)") == true)
        let mixed = #expect(throws: CLIPError.self) { try table("id;path;lat, lon\n1;a.jpg;2\n") }
        #expect(mixed?.message.contains("If the values are separated by ';', name it as the delimiter") == true)
        let options = TableSource.Options(delimiter: ";")
        let given = try table(Array("id;path;lat, lon\n1;a.jpg;2\n".utf8), options: options)
        #expect(try await given.images().map(\.id) == ["1"])
    }

    @Test func anotherDelimiterIsNamed() throws {
        #expect(
            try table("id;path\n1;a.jpg\n").notes == ["\(folder.path)/photos.csv: the values are separated by ';'."]
        )
        #expect(try table("id,path\n1,a.jpg\n").notes.isEmpty)
    }

    @Test(arguments: [
        "id, path, note\n1, a.jpg, x y\n", "id , path , note\n1 , a.jpg , x y\n",
        "id, \"path\", \"note\"\n1, \"a.jpg\", \"x y\"\n", "id; path; note\n1; a.jpg ; \"x y\" \n",
    ])
    func spacesAroundValuesAreNoPartOfThemIfTheHeaderHasThem(text: String) async throws {
        let source = try table(text)
        #expect(source.columns.map(\.name) == ["path", "note"])
        let images = try await source.images()
        #expect(images.map(\.id) == ["1"])
        #expect(images[0].values == [.text("a.jpg"), .text("x y")])
    }

    @Test func spacesArePartOfValuesIfTheHeaderHasNone() async throws {
        #expect(try await table("id,path,note\n1,a.jpg, x\n").images()[0].values[1] == .text(" x"))
    }

    @Test func theIndexThatPandasWritesIsKeptUnderAName() async throws {
        let source = try table(",id,path\n0,1,a.jpg\n1,2,b.jpg\n")
        #expect(source.columns.map(\.name) == ["column_1", "path"])
        #expect(
            source.notes == ["\(folder.path)/photos.csv: columns renamed: a column without a name to 'column_1'."]
        )
        let images = try await source.images()
        #expect(images.map(\.id) == ["1", "2"])
        #expect(images.map { $0.values[0] } == [.text("0"), .text("1")])
    }

    @Test func columnsOfOneNameAreToldApart() async throws {
        let source = try table("path,note,note,note_2\na.jpg,1,2,3\n")
        #expect(source.columns.map(\.name) == ["note", "note_3", "note_2"])
        #expect(try await source.images()[0].values == [.text("1"), .text("2"), .text("3")])
        #expect(source.notes == ["\(folder.path)/photos.csv: columns renamed: 'note' to 'note_3'."])
    }

    @Test func furtherEmptyValuesAreNoFault() async throws {
        let images = try await table("id,path\n1,a.jpg,\n2,b.jpg,,\"\"\n3,c.jpg,x\n").images()
        #expect(images.map(\.id) == ["1", "2", "row 3 of photos.csv"])
    }

    @Test(arguments: [[0xFF, 0xFE], [0xFE, 0xFF], []] as [[UInt8]])
    func utf16IsNamed(mark: [UInt8]) {
        let isBig = mark == [0xFE, 0xFF]
        let text = "id\tpath\n1\ta.jpg\n".utf16.flatMap { unit -> [UInt8] in
            let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return isBig ? bytes.reversed() : bytes
        }
        let error = #expect(throws: CLIPError.self) { try table(mark + text) }
        #expect(error?.code == .unsupportedFormat)
        #expect(
            error?.message.hasSuffix(
                "photos.csv is not UTF-8 text but UTF-16. Save it as UTF-8, in Excel as "
                    + "'CSV UTF-8'."
            ) == true
        )
    }

    @Test func aWorkbookIsNamed() {
        let error = #expect(throws: CLIPError.self) { try table("PK\u{3}\u{4}...") }
        #expect(error?.message.contains("Excel workbook, not CSV") == true)
    }

    @Test(arguments: [
        ("id,path,note\n1,a.jpg,\"x\n2,b.jpg,y\n3,c.jpg,z\"\n", 1, 2),
        ("id,path,note\n1,a.jpg,\"x\r\n\r\ny\"\r\n", 1, 1),
        ("sep=,\nid,path\n1,\"a.jpg\"\n2,b.jpg", 2, 0), ("id,path\n\n1,\"a.jpg\"\n\n", 1, 0),
    ])
    func linesThatAreNoRowsAreMentioned(text: String, images: Int, lines: Int) async throws {
        let source = try table(text)
        #expect(try await source.count() == images)
        let note = try source.noteOnLines()
        #expect(note?.contains("has \(lines) more lines than rows") == (lines > 0 ? true : nil))
    }

    struct Case: Decodable, CustomTestStringConvertible {
        let name: String
        let text: String
        let rows: [[String?]]

        var testDescription: String { name }
    }

    /// The files and what pandas reads in them are made by `Tools/fixtures/make_csv_fixtures.py`.
    @Test func rowsAreThoseThatPandasReads() async throws {
        let lines = try FileBytes.read(Fixture.path("csv.jsonl")).split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 200)
        for line in lines {
            let file = try JSONDecoder().decode(Case.self, from: Data(line))
            let source = try table(
                Array(file.text.utf8),
                name: file.name,
                options: .init(imageColumn: "id", carriedColumns: ["id", "path", "note", "x"])
            )
            let found = try await source.images().map(\.values)
            let expected = file.rows.map { $0.map { $0.map(ColumnValue.text) ?? .missing } }
            #expect(found == expected, "\(file.name): \(file.text)")
        }
    }
}
