import CLIPCore
import CLIPDigest
import CLIPTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// `store adopt` of the files that a task would have written.
@Suite(.serialized, .ownThreads) struct StoreAdoptionCommandTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try place.write("not an image", "photos/b.jpg")
        try #require(try place.embed("--allow-failures").status == 0)
        func stage(_ name: String) throws -> String {
            let bytes = try FileBytes.read(place.path("store/\(name)"))
            try place.write(bytes, "job/_staging/\(name)")
            return #"{"file": "\#(name)", "rows": 1, "sha256": "\#(SHA256.hexadecimal(of: bytes))"}"#
        }
        let (part, rejects) = (try stage("part-00000.parquet"), try stage("rejects.parquet"))
        let manifest = #"{"format": 1, "parts": [\#(part)], "rejects": [\#(rejects)]}"#
        try place.write(manifest, "job/_staging/manifest.json")
    }

    private func adopt(_ options: String...) throws -> Tool.Result {
        try Tool.run(["store", "adopt", place.path("job"), "--model", "default"] + options, scratch: place.folder)
    }

    @Test func anAdoptedStoreIsReportedAndComplete() throws {
        try place.write("", "job/_staging/other.parquet")
        let result = try adopt("--expect", "2")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("1 image in 1 part, 1 failed, dimension 384: \(place.path("job"))"))
        #expect(result.output.contains("1 file of attempts that do not count left in \(place.path("job"))/_staging."))
        let info = try place.run("store", "info", place.path("job"))
        #expect(info.output.contains("\(place.path("job")), complete"), "\(info.output)\(info.errors)")
    }

    /// Its parts need their names.
    @Test func nothingChangesAStoreWhoseAdoptionWasInterrupted() throws {
        let part = "part-00000.parquet"
        #expect(rename(place.path("job/_staging/\(part)"), place.path("job/\(part)")) == 0)
        let before = place.folder.names(in: "job")
        for command in [["embed", place.path("photos"), "--output"], ["store", "compact"], ["store", "repair"]] {
            let result = try Tool.run(command + [place.path("job")], scratch: place.folder)
            #expect(result.status == 3 && result.errors.contains("'clip-cli store adopt'"), "\(result.errors)")
        }
        #expect(place.folder.names(in: "job") == before)
        let adopted = try adopt()
        #expect(adopted.status == 0, "\(adopted.errors)")
    }

    @Test func foldersOfOthersStayWhereTheyAre() throws {
        try place.write("", "job/_staging/_temporary/0/x")
        let result = try adopt("--remove-others")
        #expect(result.status == 0, "\(result.errors)")
        #expect(place.folder.names(in: "job/_staging") == ["_temporary"])
    }

    @Test func anotherNumberOfImagesIsARuntimeErrorThatSaysWhatToDo() throws {
        let result = try adopt("--expect", "3")
        #expect(result.status == 3 && result.errors.contains("but 3 are expected"), "\(result.errors)")
        #expect(result.errors.contains("run the job again"))
    }

    @Test func aNegativeNumberOfImagesIsAUsageError() throws {
        #expect(try adopt("--expect", "-1").status == 2)
    }
}
