import CLIPArrow
import CLIPCore
import CLIPTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Runs that go on, stop, and go wrong.
@Suite(.serialized, .ownThreads) struct LargeRunTests {
    private func place(photos: Int) throws -> Workplace {
        let place = try Workplace()
        for photo in 0..<photos {
            try place.addPhoto(photo.isMultiple(of: 2) ? "rgb-420.jpg" : "rgb-8.png", as: "\(photo).jpg")
        }
        return place
    }

    @Test func theSameCommandDoesWhatIsNewOrChanged() throws {
        let place = try place(photos: 3)
        try #require(try place.embed().status == 0)
        try place.addPhoto("gray.jpg", as: "3.jpg")
        try place.addPhoto("gray.jpg", as: "0.jpg")
        let result = try place.embed()
        #expect(result.output.contains("4 images: 2 embedded, 2 skipped (unchanged), 0 failed"), "\(result.output)")
        #expect(try place.ids() == ["0.jpg", "1.jpg", "2.jpg", "3.jpg"])
    }

    @Test func aStoreInItsFolderOfImagesIsNotMentionedAsTables() throws {
        let place = try place(photos: 1)
        try place.write("id,path\n1,0.jpg\n", "photos/other.csv")
        for _ in 0..<2 {
            let result = try place.run("embed", place.path("photos"), "--output", place.path("photos/store"))
            #expect(result.status == 0 && result.errors.contains("1 table in the folder not read"), "\(result.errors)")
        }
    }

    @Test func comparedByContentAFileOfAnotherTimeIsUnchanged() throws {
        let place = try place(photos: 2)
        try #require(try place.embed().status == 0)
        #expect(utimensat(AT_FDCWD, place.path("photos/0.jpg"), [timespec(), timespec()], 0) == 0)
        #expect(try place.embed("--compare-content").output.contains("0 embedded, 2 skipped (unchanged)"))
        #expect(try place.embed().output.contains("0 embedded, 2 skipped (unchanged)"))
    }

    @Test func prunedImagesLeaveTheStore() throws {
        let place = try place(photos: 3)
        try #require(try place.embed().status == 0)
        #expect(unlink(place.path("photos/1.jpg")) == 0)
        #expect(try place.embed().status == 0)
        #expect(try place.ids().count == 3)
        let result = try place.embed("--prune")
        #expect(result.output.contains("1 pruned: "), "\(result.output)")
        #expect(try place.ids() == ["0.jpg", "2.jpg"])
    }

    /// Relative lines of a list begin at the working folder.
    @Test func pruningInAnotherFolderRemovesNothing() throws {
        let place = try place(photos: 2)
        try place.write("0.jpg\n1.jpg\n", "list.txt")
        try place.write("x", "elsewhere/x")
        func embed(in folder: String, _ options: String...) throws -> Tool.Result {
            let command = ["embed", "--files-from", place.path("list.txt"), "--output", place.path("store")] + options
            return try Tool.run(command, script: "cd \(place.path(folder)); exec \"$@\"", scratch: place.folder)
        }
        try #require(try embed(in: "photos").status == 0)
        let refused = try embed(in: "elsewhere", "--prune", "--allow-failures")
        #expect(refused.status == 3 && refused.errors.contains("Nothing was pruned"), "\(refused.errors)")
        #expect(try place.ids() == ["0.jpg", "1.jpg"])
        let resumed = try embed(in: "photos", "--prune")
        #expect(resumed.output.contains("0 embedded, 2 skipped (unchanged), 0 failed"), "\(resumed.output)")
    }

    /// A store may have more parts than a process may have files open.
    @Test func partsThatLoseRowsAreNotAllOpenAtOnce() throws {
        let place = try place(photos: 160)
        try #require(try place.embed("--batch-size", "2", "--commit-interval", "0").status == 0)
        for photo in stride(from: 0, to: 160, by: 2) {
            #expect(unlink(place.path("photos/\(photo).jpg")) == 0)
        }
        let arguments = ["embed", place.path("photos"), "--output", place.path("store"), "--prune"]
        let result = try Tool.run(arguments, script: "ulimit -n 64; exec \"$@\"", scratch: place.folder)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try place.ids().count == 80)
    }

    @Test func theLogForMachinesSaysThatNothingWasPruned() throws {
        let place = try place(photos: 2)
        try #require(try place.embed().status == 0)
        #expect(unlink(place.path("photos/1.jpg")) == 0)
        // What a link leads to that cannot be followed is not known.
        #expect(symlink(String(repeating: "x", count: 300), place.path("photos/link")) == 0)
        let result = try place.embed("--prune", "--log-format", "json")
        #expect(result.errors.contains(#""pruned":0,"pruning_skipped":true"#), "\(result.errors)")
        #expect(try place.ids().count == 2)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func aSignalStopsInGoodOrderAndTheSameCommandGoesOn(signal: Int32) throws {
        let place = try place(photos: 400)
        let arguments = ["embed", place.path("photos"), "--output", place.path("store")]
        let stopped = try Tool.run(arguments, scratch: place.folder, sending: signal, after: "400 images")
        #expect(stopped.status == 130, "\(stopped.errors)")
        #expect(stopped.errors.contains("Stopping after the current batch"))
        #expect(stopped.output.contains("Rerun the same command to resume"))
        let done = try place.ids().count
        #expect(done < 400)
        let info = try place.run("store", "info", place.path("store"))
        #expect(info.output.contains("interrupted") && info.output.contains("\(done) embedded, in "))

        let rest = try place.embed()
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(rest.output.contains("400 images: \(400 - done) embedded"))
        #expect(try place.ids().count == 400)
    }

    @Test(arguments: ["2", "10%"])
    func tooManyFailuresStopTheRunAndSayWhy(limit: String) throws {
        let place = try place(photos: 3)
        for number in 0..<17 { try place.write("text", "photos/x\(number).jpg") }
        let result = try place.embed("--max-failures", limit)
        #expect(result.status == 3)
        #expect(result.errors.contains("more than the limit of") && result.errors.contains("stage 'decode'"))
        #expect(try place.embed("--max-failures", "17").status == 1)
    }

    @Test func limitsAndTruncatedFilesAreAMatterOfOptions() throws {
        let place = try Workplace()
        try place.write([UInt8](try ImageFile.bytes("rgb-420.jpg").dropLast(200)), "photos/cut.jpg")
        try place.addPhoto("wide-20000x20.jpg", as: "wide.jpg")
        #expect(try place.embed().output.contains("1 embedded, 1 failed"))
        let result = try place.run(
            "embed",
            place.path("photos"),
            "--output",
            place.path("other"),
            "--allow-truncated",
            "--max-aspect-ratio",
            "999"
        )
        #expect(result.output.contains("1 embedded, 1 failed"))
        #expect(result.errors.contains("failed (limit) wide.jpg"), "\(result.errors)")
        let info = try place.run("store", "info", place.path("other"))
        #expect(info.output.contains("aspect ratio of N") && info.output.contains("limit"), "\(info.output)")
    }

    @Test func theLogForMachinesIsOneObjectALine() throws {
        let place = try place(photos: 2)
        try place.write("text", "photos/x\n.jpg")
        let result = try place.embed("--log-format", "json")
        let lines = result.errors.split(separator: "\n")
        #expect(lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") }, "\(result.errors)")
        #expect(lines.first?.contains(#""event":"started","total":3"#) == true)
        #expect(lines.contains { $0.contains(#""id":"x\n.jpg""#) && $0.contains(#""stage":"decode""#) })
        let last = lines.last ?? ""
        #expect(last.contains(#""event":"finished""#) && last.contains(#""ending":"complete""#))
        #expect(last.contains(#""embedded":2"#) && last.contains(#""failed":1"#) && last.contains(#""bottleneck":"#))
        let failed = try place.run("embed", place.path("gone"), "--output", place.path("x"), "--log-format", "json")
        #expect(failed.status == 3 && failed.errors.hasPrefix(#"{"event":"aborted","message":"#))
        let misused = try place.run("embed", place.path("photos"), "--output", "", "--log-format", "json")
        #expect(misused.status == 2 && misused.errors.hasPrefix(#"{"event":"aborted","message":"#), "\(misused)")
    }

    @Test func columnsOfATableGoIntoTheStore() throws {
        let place = try place(photos: 2)
        try place.write("id,path,label\nfirst,photos/0.jpg,red\nsecond,photos/1.jpg,\n", "table.csv")
        let result = try place.run("embed", place.path("table.csv"), "--output", place.path("store"))
        #expect(result.status == 0, "\(result.errors)")
        let store = try ParquetStore(path: place.path("store"), includesOrigins: true)
        #expect(store.columns.map(\.name) == ["path", "label"])
        var rows = [String: [ColumnValue]]()
        try store.forEachBlock(rows: 10) { block in
            for (id, origin) in zip(block.ids, block.origins) { rows[id] = origin.values }
        }
        #expect(rows["first"] == [.text("photos/0.jpg"), .text("red")])
        #expect(rows["second"] == [.text("photos/1.jpg"), .missing])
    }

    @Test func aStoreIsVerifiedAgainstItsImages() throws {
        let place = try place(photos: 4)
        try #require(try place.embed().status == 0)
        let store = place.path("store")
        let good = try place.run("store", "verify", store, place.path("photos"), "--sample", "3")
        #expect(good.status == 0 && good.output.contains("3 of 3 vectors"), "\(good.output)\(good.errors)")
        try place.addPhoto("gray.jpg", as: "0.jpg")
        #expect(unlink(place.path("photos/1.jpg")) == 0)
        let bad = try place.run("store", "verify", store, place.path("photos"))
        #expect(bad.status == 4 && bad.output.contains("2 of 4 vectors"), "\(bad.output)")
        #expect(bad.output.contains("0.jpg: The cosine") && bad.output.contains("1.jpg: It is not among"))
    }

    @Test func withoutASourceAStoreIsVerifiedWhereItsImagesWereFound() throws {
        let place = try place(photos: 2)
        try #require(try place.embed().status == 0)
        try place.write(ImageFile.bytes("gray.jpg"), "more/gray.jpg")
        try #require(try place.run("embed", place.path("more"), "--output", place.path("store")).status == 0)
        let good = try place.run("store", "verify", place.path("store"))
        #expect(good.status == 0 && good.output.contains("3 of 3 vectors"), "\(good.output)\(good.errors)")
        #expect(rename(place.path("more"), place.path("moved")) == 0)
        let partly = try place.run("store", "verify", place.path("store"))
        #expect(partly.status == 4 && partly.output.contains("gray.jpg: It is not among"), "\(partly.output)")
        #expect(partly.errors.contains("warning: \(place.path("more"))"), "\(partly.errors)")
        #expect(rename(place.path("photos"), place.path("away")) == 0)
        let gone = try place.run("store", "verify", place.path("store"))
        #expect(gone.status == 3 && gone.errors.contains("Pass the sources as you did to 'embed'"), "\(gone.errors)")
    }

    @Test func imagesThatAreNotAmongTheSourcesAreNamed() throws {
        let place = try place(photos: 2)
        try #require(try place.embed().status == 0)
        try place.write(ImageFile.bytes("gray.jpg"), "other/gray.jpg")
        let result = try place.run("store", "verify", place.path("store"), place.path("other"))
        #expect(result.status == 4 && result.output.contains("0 of 2 vectors"), "\(result.output)\(result.errors)")
        #expect(result.output.contains("0.jpg: It is not among") && result.output.contains("1.jpg: It is not among"))
    }

    @Test func compactedPartsHoldWhatTheyHeld() throws {
        let place = try place(photos: 1)
        for photo in 1..<4 {
            try #require(try place.embed().status == 0)
            try place.addPhoto("gray.jpg", as: "\(photo).jpg")
        }
        let before = try place.ids()
        let result = try place.run("store", "compact", place.path("store"))
        #expect(result.output.hasPrefix("3 -> 1 part,"), "\(result.output)\(result.errors)")
        #expect(try place.ids() == before)
    }
}
