import CLIPCore
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// `store verify` reads every file, and `store repair` makes the next run embed what was lost.
@Suite(.ownThreads) struct StoreRepairCommandTests {
    @Test func aDamagedStoreIsFoundRepairedAndCompleted() throws {
        let place = try Workplace()
        for number in 0..<3 { try place.addPhoto("gray.jpg", as: "\(number).jpg") }
        try #require(try place.embed().status == 0)
        let store = place.path("store")
        let sound = try place.run("store", "verify", store, "--sample", "0")
        #expect(sound.status == 0 && sound.output == "all files are sound\n", "\(sound.output)\(sound.errors)")

        var bytes = try FileBytes.read(store + "/part-00000.parquet")
        bytes[bytes.count - 20] ^= 1
        try place.write(bytes, "store/part-00000.parquet")
        let damaged = try place.run("store", "verify", store, "--sample", "0")
        #expect(damaged.status == 4 && damaged.output.contains("its footer is damaged"), "\(damaged.output)")
        #expect(damaged.output.contains("'clip-cli store repair \(store)' keeps what is sound"))
        let refused = try place.embed()
        #expect(refused.status == 3 && refused.errors.contains("run 'clip-cli store repair'"), "\(refused.errors)")

        let repaired = try place.run("store", "repair", store)
        #expect(repaired.status == 0, "\(repaired.errors)")
        #expect(repaired.output.contains("0 sound rows kept, an unknown number lost"), "\(repaired.output)")
        #expect(repaired.output.contains("Damaged files moved to \(store)/damaged/1"))
        #expect(repaired.output.contains("listed in \(store)/damaged/1/images.csv. Rerun 'embed' as before."))
        let embedded = try place.embed()
        #expect(embedded.status == 0 && embedded.output.contains("3 embedded"), "\(embedded.output)\(embedded.errors)")
        let again = try place.run("store", "repair", store)
        #expect(again.status == 0 && again.output == "all files are sound\n")
    }

    @Test func aStoreWithoutItsListOfFailuresIsNotToBeRemoved() throws {
        let place = try Workplace()
        try place.addPhoto("gray.jpg", as: "0.jpg")
        try #require(try place.embed().status == 0)
        #expect(unlink(place.path("store/rejects.parquet")) == 0)
        let info = try place.run("store", "info", place.path("store"))
        #expect(info.output.contains("incomplete: rerun 'embed'"), "\(info.output)\(info.errors)")
        #expect(!info.output.contains("remove"))
    }

    @Test func lostRowsAreNotBlamedOnAnImageThatFailed() throws {
        let place = try Workplace()
        try place.addPhoto("gray.jpg", as: "0.jpg")
        try place.write("not an image", "photos/1.jpg")
        try #require(try place.embed("--allow-failures").status == 0)
        let store = place.path("store")
        try place.write("PAR1", "store/part-00000.parquet")
        try #require(try place.run("store", "repair", store).status == 0)
        let info = try place.run("store", "info", store)
        let reason = "has moved its damaged files to \(store)/damaged"
        #expect(info.status == 3 && info.errors.contains(reason), "\(info.errors)")
        let embedded = try place.embed("--allow-failures")
        #expect(embedded.status == 0 && embedded.output.contains("1 embedded"), "\(embedded.errors)")
    }

    @Test func idsThatASpreadsheetComputesAreListedExactlyWithAWarning() throws {
        let place = try Workplace()
        let names = ["=1+1.jpg", "a.jpg"]
        for name in names { try place.addPhoto("gray.jpg", as: name) }
        try #require(try place.embed().status == 0)
        var bytes = try FileBytes.read(place.path("store/part-00000.parquet"))
        // Most of the file is one page of vectors.
        bytes[bytes.count / 3] ^= 1
        try place.write(bytes, "store/part-00000.parquet")
        let repaired = try place.run("store", "repair", place.path("store"))
        #expect(repaired.errors.contains("images.csv: 1 text begins with =, +, - or @"), "\(repaired.errors)")
        let list = String(decoding: try FileBytes.read(place.path("store/damaged/1/images.csv")), as: UTF8.self)
        #expect(list == "id,file\r\n" + names.map { "\($0),part-00000.parquet\r\n" }.joined())
    }

    @Test func filesOfAnotherProgramAreNotDamagedAndStayWhereTheyAre() throws {
        let place = try Workplace()
        try place.addPhoto("gray.jpg", as: "0.jpg")
        let fixture = RepositoryFile.path("Tests/CLIPArrowTests/Fixtures/types.parquet")
        let bytes = try FileBytes.read(fixture)
        try place.write(bytes, "store/part-00000.parquet")
        let store = place.path("store")
        let results = [
            try place.embed(), try place.run("store", "repair", store), try place.run("store", "info", store),
            try place.run("store", "verify", store, "--sample", "0"),
        ]
        for result in results {
            #expect(result.status == 3, "\(result.output)")
            #expect(result.errors.contains("part-00000.parquet is named like a file of a store"), "\(result.errors)")
            #expect(!result.errors.contains("damaged"))
        }
        #expect(try FileBytes.read(store + "/part-00000.parquet") == bytes)
    }

    @Test func aPartThatAnotherProgramRenamedIsNamed() throws {
        let place = try Workplace()
        try place.write("x", "store/part-00000-9a0c3b-c000.snappy.parquet")
        let store = place.path("store")
        for command in [["info"], ["verify", "--sample", "0"], ["repair"]] {
            let result = try Tool.run(["store", command[0], store] + command.dropFirst(), scratch: place.folder)
            #expect(result.status == 3, "\(result.output)")
            #expect(
                result.errors.contains("part-00000-9a0c3b-c000.snappy.parquet is not the name of"),
                "\(result.errors)"
            )
        }
    }

    @Test func aPartAloneDoesNotSayThatItsStoreIsComplete() throws {
        let place = try Workplace()
        try place.addPhoto("gray.jpg", as: "0.jpg")
        try place.write("not an image", "photos/1.jpg")
        try #require(try place.embed("--allow-failures").status == 0)
        let info = try place.run("store", "info", place.path("store/part-00000.parquet"))
        #expect(
            info.status == 0 && info.output.contains("part-00000.parquet, one part"),
            "\(info.output)\(info.errors)"
        )
        #expect(info.output.contains("1 embedded") && !info.output.contains("failed"))
    }
}
