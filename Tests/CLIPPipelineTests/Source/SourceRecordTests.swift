import CLIPCore
import CLIPPipeline
import Testing

@Suite struct SourceRecordTests {
    @Test func secretsAreNotStored() {
        var record = SourceRecord(
            directory: "/home",
            sources: [
                "photos", "https://user:password@host/a.jpg", "https://host/b.jpg?X-Amz-Signature=abc",
                "s3://bucket/?secret_key=abc", "https://host/c.jpg?size=1",
            ],
            lists: ["list.txt"]
        )
        record.s3Endpoint = "http://user:password@127.0.0.1"
        let stored = record.withoutSecrets
        #expect(stored.sources == ["photos", "https://host/b.jpg", "https://host/c.jpg?size=1"])
        #expect(stored.lists == ["list.txt"] && stored.s3Endpoint == nil)
        #expect(stored.count == 6, "the form of ids depends on it")
        #expect(stored.withoutSecrets == stored)
    }

    @Test func aDatabaseWithAPasswordIsOnlyCounted() {
        let record = SourceRecord(directory: "/", sources: ["photos"], database: "postgresql://me:secret@host/db")
        #expect(record.withoutSecrets.database == nil && record.withoutSecrets.count == 2)
    }

    @Test func theLastRunIsTheLastRecordAndIsThereOnce() {
        let records = ["a", "b", "a"].reduce(into: [SourceRecord]()) {
            $0 = $0.adding(SourceRecord(directory: "/", sources: [$1]))
        }
        #expect(records.map(\.names) == ["b", "a"])
    }

    @Test func foldersThatUnicodeComposesDifferentlyAreTwoRecords() {
        let records = ["caf\u{E9}", "cafe\u{301}", "caf\u{E9}"].reduce(into: [SourceRecord]()) {
            $0 = $0.adding(SourceRecord(directory: "/", sources: [$1]))
        }
        #expect(records.map { Array($0.names.utf8) } == ["cafe\u{301}", "caf\u{E9}"].map { Array($0.utf8) })
    }

    @Test func manyRunsAreKeptAndALossIsRecorded() {
        var records = [SourceRecord]()
        for run in 0..<1000 { records = records.adding(SourceRecord(directory: "/", sources: [], lists: ["\(run)"])) }
        #expect(records.count == 1000 && !records.mayLackEarlier)
        records = records.adding(SourceRecord(directory: "/", sources: [], lists: ["1000"]))
        #expect(records.count == 1000 && records.first?.names == "1" && records.mayLackEarlier)
        records = records.adding(SourceRecord(directory: "/", sources: [], lists: ["1000"]))
        #expect(records.count == 1000 && records.mayLackEarlier, "once lost, sources stay lost")
    }

    @Test func runsOverThousandsOfNamesKeepFewerRecords() {
        let names = (0..<1000).map { "\($0).jpg" }
        let records = (0..<40).reduce(into: [SourceRecord]()) {
            $0 = $0.adding(SourceRecord(directory: "/\($1)", sources: names))
        }
        #expect(records.count == 32 && records.last?.directory == "/39" && records.mayLackEarlier)
    }

    /// The first versions kept 32 records, and did not say whether there had been more.
    @Test(arguments: [31, 32])
    func recordsOfTheFirstVersionsMayLackOthers(count: Int) {
        let records = (0..<count).map { SourceRecord(directory: "/", sources: ["\($0)"]) }
        #expect(records.mayLackEarlier == (count == 32))
        let later = records.adding(SourceRecord(directory: "/", sources: ["new"]))
        #expect(later.count == count + 1 && later.mayLackEarlier == (count == 32))
    }
}
