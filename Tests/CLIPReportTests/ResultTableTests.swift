import CLIPCore
import CLIPReport
import CLIPTesting
import Testing

@Suite struct ResultTableTests {
    private let table = ResultTable([
        ("group", .integers([1, 2])), ("id", .texts(["a, \"b\".jpg", "ünï\ncode"])), ("cosine", .numbers([0.25, -1])),
    ])

    @Test func csvQuotesWhatNeedsIt() {
        #expect(table.csv().string == "group,id,cosine\r\n1,\"a, \"\"b\"\".jpg\",0.25\r\n2,\"ünï\ncode\",-1.0\r\n")
    }

    @Test func jsonLinesHoldOneObjectARow() {
        #expect(
            table.jsonLines().string == #"""
                {"group":1,"id":"a, \"b\".jpg","cosine":0.25}
                {"group":2,"id":"ünï\ncode","cosine":-1.0}

                """#
        )
    }

    @Test func anEmptyTableHasItsNames() throws {
        let folder = try TemporaryFolder()
        let empty = ResultTable([("id", .texts([])), ("cosine", .numbers([]))])
        try empty.writeCSV(to: folder.path + "/empty.csv")
        try empty.writeJSONLines(to: folder.path + "/empty.jsonl")
        #expect(try FileBytes.read(folder.path + "/empty.csv") == Array("id,cosine\r\n".utf8))
        #expect(try FileBytes.read(folder.path + "/empty.jsonl").isEmpty)
    }
}
