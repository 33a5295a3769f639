import CLIPCore
import CLIPEvaluation
import CLIPTesting
import TestSupport
import Testing

@Suite struct CSVFileTests {
    @Test func aQuoteBeforeACombiningMarkIsDoubledToo() throws {
        let folder = try TemporaryFolder()
        try CSVFile(path: folder.path + "/table.csv", header: ["q\"\u{301}"]).close()
        #expect(try FileBytes.read(folder.path + "/table.csv") == Array("\"q\"\"\u{301}\"\r\n".utf8))
    }
}
