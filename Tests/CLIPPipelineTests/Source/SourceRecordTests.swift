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
}
